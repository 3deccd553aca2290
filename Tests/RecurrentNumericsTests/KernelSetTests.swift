import CRecurrentKernels
import Foundation
import RecurrentNumerics
import Testing

@Suite struct KernelSetTests {
  @Test func theGenericLevelIsAlwaysThereAndTheBestIsOffered() {
    #expect(KernelSet.supportedLevels.first == .generic)
    #expect(KernelSet.supportedLevels.contains(KernelSet.best.level))
    #if arch(x86_64)
      #expect(KernelSet(level: .neon) == nil)
    #elseif arch(arm64)
      #expect(KernelSet.best.level == .neon)
    #endif
  }

  @Test(arguments: KernelFixture.levels)
  func tablesNameTheirLevel(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    #expect(String(cString: kernels.name) == level.rawValue)
    #expect(kernels.panel_width > 0)
  }

  @Test func anUnknownCodeHasNoTable() {
    #expect(rk_kernels_for_level(rk_level(rawValue: 99)) == nil)
  }

  @Test func selectionFollowsTheEnvironment() throws {
    let name = ProcessInfo.processInfo.environment["RECURRENT_KERNELS"] ?? ""
    #expect(try KernelSet.selected().level == KernelLevel(rawValue: name) ?? KernelSet.best.level)
  }

  @Test func selectionErrorsSayWhatToChoose() {
    #expect(
      "\(KernelSelectionError.unknownLevel("sse", known: ["generic", "avx2"]))"
        == "RECURRENT_KERNELS is \"sse\"; it must be one of generic, avx2")
    #expect(
      "\(KernelSelectionError.unsupportedLevel("neon", supported: ["generic", "avx2"]))"
        == "RECURRENT_KERNELS is \"neon\", which this CPU or build lacks; it has generic, avx2")
  }
}
