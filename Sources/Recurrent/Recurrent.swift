// What `import Recurrent` brings: loading a package and classifying with it, what a cell of one's own needs, and what both speak:
// `JSONValue` of a manifest, `FileError` of a package that cannot be read.

@_exported import FileAccess
@_exported import ModelPackage
@_exported import RecurrentCells
@_exported import RecurrentNumerics
@_exported import SequenceClassifier
@_exported import StrictJSON
@_exported import TextEncoding
