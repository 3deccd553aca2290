/// Every choice of a training run: what a configuration file holds and `--print-config` prints.
public struct TrainingConfiguration: Codable, Sendable, Equatable {
  public var data: DataOptions
  public var text: TextOptions
  public var model: ModelOptions
  public var training: TrainingOptions
  public var partner: PartnerOptions
  public var package: PackageOptions

  public init() {
    data = DataOptions()
    text = TextOptions()
    model = ModelOptions()
    training = TrainingOptions()
    partner = PartnerOptions()
    package = PackageOptions()
  }
}
