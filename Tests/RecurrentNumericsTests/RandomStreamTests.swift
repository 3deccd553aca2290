import RecurrentNumerics
import Testing

@Suite struct RandomStreamTests {
  /// Models trained from a seed are reproduced only while these numbers stay.
  @Test func streamsOfASeedNeverChange() {
    var stream = RandomStream(seed: 1)
    #expect(
      (0..<4).map { _ in stream.next() } == [
        6_791_897_765_849_424_158, 17_405_687_883_870_564_846, 834_844_254_806_117_752,
        14_341_179_868_655_528_873,
      ])
    var derived = RandomStream(seed: 1).derived(7)
    #expect(
      (0..<4).map { _ in derived.next() } == [
        18_308_665_601_536_926_896, 17_261_532_640_800_883_244, 5_199_376_295_285_352_809,
        11_096_807_814_959_890_301,
      ])
    var uniform = RandomStream(seed: 2)
    #expect((0..<3).map { _ in uniform.uniform() } == [0.39221644, 0.08471143, 0.8422105])
    var normal = RandomStream(seed: 3)
    #expect(
      (0..<3).map { _ in normal.normal() } == [1.5118636465199664, 1.0523046264112752, -0.13000219116880896])
    var integers = RandomStream(seed: 4)
    #expect((0..<10).map { _ in integers.integer(below: 100) } == [62, 60, 78, 69, 92, 91, 18, 53, 85, 1])
    var order = Array(0..<8)
    var shuffling = RandomStream(seed: 5)
    shuffling.shuffle(&order)
    #expect(order == [4, 1, 2, 6, 3, 5, 0, 7])
  }

  @Test func derivingDrawsNothingAndKeysGiveStreamsOfTheirOwn() {
    var stream = RandomStream(seed: 9)
    var untouched = stream
    var first: Set<UInt64> = []
    for key in UInt64(0)..<10_000 {
      var derived = stream.derived(key)
      first.insert(derived.next())
    }
    #expect(first.count == 10_000)
    #expect(stream.next() == untouched.next())
    // A path of keys is told from the same keys in another order.
    var there = RandomStream(seed: 9).derived(1).derived(2)
    var back = RandomStream(seed: 9).derived(2).derived(1)
    #expect(there.next() != back.next())
    let seeds = Set(
      (UInt64(0)..<1000).map { seed in
        var stream = RandomStream(seed: seed)
        return stream.next()
      })
    #expect(seeds.count == 1000)
  }

  @Test func integersFillTheirRangeEvenly() {
    var stream = RandomStream(seed: 11)
    for bound in [1, 2, 7, 33] {
      var counts = [Int](repeating: 0, count: bound)
      for _ in 0..<bound * 1000 { counts[stream.integer(below: bound)] += 1 }
      // 1000 expected, standard deviation below 32: five of them.
      #expect(counts.allSatisfy { (840...1160).contains($0) }, "\(counts)")
    }
    for _ in 0..<1000 { #expect((0..<Int.max).contains(stream.integer(below: Int.max))) }
  }

  @Test func uniformAndNormalNumbersHaveTheirMoments() {
    var stream = RandomStream(seed: 12)
    let count = 20_000
    let uniform = (0..<count).map { _ in Double(stream.uniform()) }
    #expect(uniform.allSatisfy { (0..<1).contains($0) })
    // Standard deviations of the means: 0.002 and 0.007; of the variance of normal numbers: 0.01.
    #expect(abs(uniform.reduce(0, +) / Double(count) - 0.5) < 0.01)
    let normal = (0..<count).map { _ in stream.normal() }
    #expect(abs(normal.reduce(0, +) / Double(count)) < 0.035)
    #expect(abs(normal.reduce(0) { $0 + $1 * $1 } / Double(count) - 1) < 0.05)
  }

  @Test func shufflingKeepsEveryElementAndReachesEveryOrder() {
    var stream = RandomStream(seed: 13)
    var orders: Set<[Int]> = []
    for _ in 0..<500 {
      var array = [0, 1, 2, 3]
      stream.shuffle(&array)
      #expect(array.sorted() == [0, 1, 2, 3])
      orders.insert(array)
    }
    #expect(orders.count == 24)
    var empty: [Int] = []
    stream.shuffle(&empty)
    #expect(empty.isEmpty)
  }
}
