// What `import Recurrent` brings: loading a package and classifying with it, and what a cell of one's own needs.

@_exported import ModelPackage
@_exported import RecurrentCells
@_exported import RecurrentNumerics
@_exported import SequenceClassifier
@_exported import TextEncoding
