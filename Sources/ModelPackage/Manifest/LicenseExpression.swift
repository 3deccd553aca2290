/// A licence as SPDX writes it: `MIT`, `Apache-2.0 WITH LLVM-exception`, `(MIT OR Apache-2.0) AND BSD-3-Clause`.
///
/// Only the form is checked (SPDX 2.3, annex D), not whether a name is on SPDX's list, which grows:
///
///     expression = operand, or operands with AND or OR between them
///     operand    = "(" expression ")", or licence, or licence WITH exception
///     licence    = letters, digits, "." and "-", and a "+" at its end for later versions
package struct LicenseExpression {
  package let text: String

  /// What a message says is expected where a text is none.
  package static let expectation =
    "an SPDX expression, such as Apache-2.0 or \"MIT OR GPL-2.0-only WITH Classpath-exception-2.0\""

  /// `nil` where the text is no expression.
  package init?(_ text: String) {
    var depth = 0
    // Whether an operand has just ended.
    var isComplete = false
    // Whether that operand is a licence, which may have an exception.
    var isLicense = false
    // Whether WITH was the last word.
    var wantsException = false
    for word in Self.words(of: text) {
      switch word {
      case "(":
        guard !isComplete, !wantsException else { return nil }
        depth += 1
      case ")":
        guard isComplete, depth > 0 else { return nil }
        depth -= 1
        isLicense = false
      case "AND", "OR":
        guard isComplete else { return nil }
        isComplete = false
      case "WITH":
        guard isComplete, isLicense else { return nil }
        isComplete = false
        wantsException = true
      default:
        guard !isComplete, wantsException ? Self.isIdentifier(word[...]) : Self.isLicense(word) else {
          return nil
        }
        isComplete = true
        isLicense = !wantsException
        wantsException = false
      }
    }
    guard isComplete, depth == 0 else { return nil }
    self.text = text
  }

  /// Parentheses, and what spaces and parentheses separate.
  private static func words(of text: String) -> [String] {
    var words: [String] = []
    var word = ""
    func end() {
      if !word.isEmpty { words.append(word) }
      word = ""
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case " ": end()
      case "(", ")":
        end()
        words.append(String(scalar))
      default: word.unicodeScalars.append(scalar)
      }
    }
    end()
    return words
  }

  /// A name of SPDX's list, or `LicenseRef-…`, which the document that `DocumentRef-…:` names may explain.
  private static func isLicense(_ word: String) -> Bool {
    let parts = word.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 1 else {
      return parts.count == 2 && parts[0].hasPrefix("DocumentRef-") && parts[1].hasPrefix("LicenseRef-")
        && parts.allSatisfy(isIdentifier)
    }
    return isIdentifier(word.hasSuffix("+") ? word.dropLast() : word[...])
  }

  private static func isIdentifier(_ word: Substring) -> Bool {
    !word.isEmpty
      && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}
