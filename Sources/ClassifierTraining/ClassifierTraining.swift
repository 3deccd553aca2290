// What `import ClassifierTraining` brings beside training: what its options, data and packages are made of.

@_exported import FileAccess
@_exported import ModelPackage
@_exported import RecurrentCells
@_exported import RecurrentNumerics
@_exported import SequenceClassifier
@_exported import StrictJSON
@_exported import TextEncoding
@_exported import TextRecords
