/// Labels that a reader would take for one: they differ only in letter case or in spaces at their ends.
struct LabelTwins {
  /// Two or more labels each, in the order of the labels.
  let groups: [[String]]

  init(_ labels: [String]) {
    var places: [String: Int] = [:]
    var groups: [[String]] = []
    for label in labels {
      let word = LabelTwins.bare(label)
      if let place = places[word] {
        groups[place].append(label)
      } else {
        places[word] = groups.count
        groups.append([label])
      }
    }
    self.groups = groups.filter { $0.count > 1 }
  }

  /// What to tell whoever trains on the labels; `nil` where there are no twins.
  var note: String? {
    guard !groups.isEmpty else { return nil }
    let most = 3
    let shown = groups.prefix(most).map { LabelOrder.shown($0) }.joined(separator: "; ")
    let rest = groups.count > most ? "; and \(groups.count - most) more such groups" : ""
    return
      "labels that differ only in letter case or in spaces at their ends are classes of their own: \(shown)\(rest); "
      + "correct the data where one is meant"
  }

  /// `label` in lower case and without the spaces at its ends.
  private static func bare(_ label: String) -> String {
    var word = label.drop { $0.isWhitespace }
    while word.last?.isWhitespace == true { word.removeLast() }
    return word.lowercased()
  }
}
