#if canImport(Darwin)
  import Foundation
#else
  @_spi(_Unicode) import Swift
#endif

/// The canonical composition (NFC) of some scalars, as UTF-8. Unicode Standard Annex 15.
///
/// On Linux it is the standard library's own (the one its string comparison uses), which spares loading Foundation.
package func canonicalComposition(_ text: String) -> [UInt8] {
  #if canImport(Darwin)
    return Array(text.precomposedStringWithCanonicalMapping.utf8)
  #else
    var composed = String.UnicodeScalarView()
    for scalar in text._nfc { composed.append(scalar) }
    return Array(String(composed).utf8)
  #endif
}
