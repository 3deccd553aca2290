/// Every choice of a training run: what a configuration file holds and `--print-config` prints.
public struct TrainingConfiguration: Codable, Sendable, Equatable {
  /// The table `[data]`.
  public var data: DataOptions
  /// The table `[text]`.
  public var text: TextOptions
  /// The table `[model]`.
  public var model: ModelOptions
  /// The table `[training]`.
  public var training: TrainingOptions
  /// The table `[partner]`.
  public var partner: PartnerOptions
  /// The table `[package]`.
  public var package: PackageOptions

  /// The defaults, which name no data.
  public init() {
    data = DataOptions()
    text = TextOptions()
    model = ModelOptions()
    training = TrainingOptions()
    partner = PartnerOptions()
    package = PackageOptions()
  }
}
