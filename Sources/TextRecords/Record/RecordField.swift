/// What a column or a key of a file stands for.
public enum RecordField: String, Sendable, Hashable {
  case text, id, label
}
