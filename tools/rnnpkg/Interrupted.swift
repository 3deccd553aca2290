/// Stopped by a signal: exit 128 and its number, after everything was put in order.
struct Interrupted: Error {
  let signal: Int32
}
