import ModelPackage
import Testing

@Suite struct LicenseExpressionTests {
  @Test(arguments: [
    "MIT", "Apache-2.0", "GPL-2.0+", "0BSD", "MIT OR Apache-2.0", "MIT AND (Apache-2.0 OR BSD-3-Clause)",
    "GPL-2.0-only WITH Classpath-exception-2.0", "(MIT)", "((MIT))", "(MIT)AND(0BSD)", "MIT  OR  0BSD",
    "Apache-2.0 WITH LLVM-exception OR MIT AND Zlib", "LicenseRef-mine", "DocumentRef-here:LicenseRef-mine",
    "NOASSERTION",
  ])
  func expressionsAreTaken(_ text: String) {
    #expect(LicenseExpression(text)?.text == text)
  }

  @Test(arguments: [
    "", " ", "foo bar", "MIT or Apache-2.0", "MIT/X11", "MIT, Apache-2.0", "MIT;", "no licence", "MIT OR",
    "AND MIT", "MIT AND OR 0BSD", "WITH", "(MIT", "MIT)", "()", "(MIT OR) 0BSD", "MIT (0BSD)", "(MIT) 0BSD",
    "MIT WITH (LLVM-exception)", "(MIT OR 0BSD) WITH LLVM-exception", "MIT WITH a WITH b", "MIT WITH a+",
    "MIT WITH", "MIT AND WITH LLVM-exception", "+", "MIT++", "MIT+2", "a:b", "DocumentRef-a:LicenseRef-b:c",
    "DocumentRef-a:MIT", "MÏT",
    "MIT\tOR\tZlib", "MIT\n", "Apache_2.0", "\"MIT\"",
  ])
  func otherTextsAreNot(_ text: String) {
    #expect(LicenseExpression(text) == nil)
  }

  @Test func nestingTakesNoStack() {
    let depth = 200_000
    let open = String(repeating: "(", count: depth)
    let close = String(repeating: ")", count: depth)
    #expect(LicenseExpression(open + "MIT" + close) != nil)
    #expect(LicenseExpression(open + "MIT") == nil)
  }
}
