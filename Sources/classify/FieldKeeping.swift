/// Whether the fields of the input are carried into the output, and what that asks of the input.
enum FieldKeeping {
  case nothing
  /// Each record has its own: the output is JSON.
  case ownFields
  /// All records have the same columns: the output is a table, whose header stands before the first of them.
  case sharedColumns
}
