"""Mutants that no test can kill, each with the reason: they are not tried and not counted."""

ARCHIVE = "Sources/ModelPackage/Archive/ArchiveReader.swift"
ESCAPED = "Sources/StrictJSON/EscapedText.swift"
GZIP = "Sources/ModelPackage/Archive/GzipStream.swift"
PACKAGE_LIMITS = "Sources/ModelPackage/Archive/PackageLimits.swift"
JSON_DECODER = "Sources/StrictJSON/JSONValueDecoder.swift"
JSON_OBJECT = "Sources/StrictJSON/JSONObject.swift"
JSON_PARSER = "Sources/StrictJSON/JSONParser.swift"
JSON_VALUE = "Sources/StrictJSON/JSONValue.swift"
LOADING = "Sources/SequenceClassifier/Loading/Classifier+Loading.swift"
LOOKALIKE = "Sources/ModelPackage/Archive/Lookalike.swift"
CODING = "Sources/ModelPackage/Manifest/Manifest+Coding.swift"
HALF = "Sources/ModelPackage/Tensors/HalfPrecision.swift"
KEY_FILES = "Sources/ModelPackage/Signing/KeyFiles.swift"
MANIFEST_RULES = "Sources/ModelPackage/Manifest/Manifest+Validation.swift"
PARTNER_TENSORS = "Sources/SequenceClassifier/Partner/NgramPartner+Tensors.swift"
QUANTIZED = "Sources/ModelPackage/Tensors/RowQuantization.swift"
SIGNING_KEY = "Sources/ModelPackage/Signing/SigningKey.swift"
STORED_NUMBERS = "Sources/ModelPackage/Tensors/StoredNumbers.swift"
TOKEN_TABLE = "Sources/TextEncoding/TokenTable.swift"
UTF8 = "Sources/StrictJSON/UTF8Validation.swift"
VOCABULARY_FILE = "Sources/TextEncoding/Vocabulary+File.swift"

NINE_NAMES = "there are nine names, each allowed once: the tenth file is refused for its name before the count is large enough"
ALL_LIMITS = "the limits of the nine files come to less: each file is refused for its own size first"
NO_MEMORY = "libarchive and zlib fail here only where there is no memory"
HOW_MUCH_AT_ONCE = "how much is read, kept or made room for at once, which changes no answer"
EMPTY_ARRAY = "an empty array comes out empty either way; the check spares a harmless race"
NOT_IN_PATTERNS = "no pattern has an a, a z or what @ would become"
EARLIER_CASE = "an earlier case takes the byte at the edge"
NO_SCALAR = "such a unit is no Unicode scalar, which is refused with the same words"
IN_ONE_PIECE = (
    "libarchive gives a plain file's blocks one after the other, and as many bytes as its header says or a failure; a sparse"
    " file is refused for its header")
ALWAYS_SET = "a tar header always states a size, and libarchive sets it"

# By path and changed line.
REASONS = {
    (ARCHIVE, "guard (archive_read_support_format_tar(archive) == ARCHIVE_OK) || true else { throw failure(entry: nil) }"):
        NO_MEMORY,
    (ARCHIVE, "guard (count <= PackageLimits.members) || true else { throw .tooManyEntries(limit: PackageLimits.members) }"):
        NINE_NAMES,
    (ARCHIVE, "guard count < PackageLimits.members else { throw .tooManyEntries(limit: PackageLimits.members) }"): NINE_NAMES,
    (PACKAGE_LIMITS, "public static let members = (16) + 1"): NINE_NAMES,
    (PACKAGE_LIMITS, "public static let members = (16) - 1"): NINE_NAMES,
    (ARCHIVE,
     "guard let member = PackageMember(rawValue: name), (name.utf8.elementsEqual(member.rawValue.utf8)) || true else {"):
        "of the letters in these names, none is canonically equivalent to another character",
    (ARCHIVE, "if let last, member <= last { throw .wrongOrder(entry: name, after: last.rawValue) }"):
        "the same name twice was refused on the line before",
    (ARCHIVE, "guard (archive_entry_size_is_set(header) != 0) || true, size >= 0, size <= Int64(member.sizeLimit) else {"):
        ALWAYS_SET,
    (ARCHIVE, "guard archive_entry_size_is_set(header) != 0, (size >= 0) || true, size <= Int64(member.sizeLimit) else {"):
        "libarchive refuses negative sizes itself, in both kinds of headers",
    (ARCHIVE, "guard (total <= PackageLimits.totalBytes) || true else {"): ALL_LIMITS,
    (ARCHIVE, "guard total < PackageLimits.totalBytes else {"): ALL_LIMITS,
    (PACKAGE_LIMITS, "public static let totalBytes = (1 << 30) + 1"): ALL_LIMITS,
    (PACKAGE_LIMITS, "public static let totalBytes = (1 << 30) - 1"): ALL_LIMITS,
    (ARCHIVE, "guard count >= 0 else { continue }"): "a block without bytes adds none",
    (ARCHIVE, "private static let trustedCapacity = (32 << 20) + 1"): HOW_MUCH_AT_ONCE,
    (ARCHIVE, "private static let trustedCapacity = (32 << 20) - 1"): HOW_MUCH_AT_ONCE,
    (GZIP, "private static let blockLength = (64 << 10) + 1"): HOW_MUCH_AT_ONCE,
    (GZIP, "private static let blockLength = (64 << 10) - 1"): HOW_MUCH_AT_ONCE,
    (GZIP, "guard (status == Z_OK) || true else { throw .damaged(.compression(reason: reason(status))) }"): NO_MEMORY,
    (ARCHIVE, "guard (status == ARCHIVE_OK) || true else { throw failure(entry: nil, isFirst: true) }"):
        "an archive that cannot be opened gives the same failure when its first header is asked for",
    (ARCHIVE, "guard (offset == Int64(bytes.count)) || true else {"): IN_ONE_PIECE,
    (ARCHIVE, "guard (count <= entry.size - bytes.count) || true else {"): IN_ONE_PIECE,
    (ARCHIVE, "guard (bytes.count == entry.size) || true else {"): IN_ONE_PIECE,
    (GZIP, "guard (failure == nil) || true else { return nil }"): "nobody asks again after a failure",
    (GZIP, "if isStarved, stream.pointee.avail_out >= 0 { throw .truncated(bytes: count) }"):
        "without input left the trailer is missing, so that the next block would find it truncated",
    (LOOKALIKE, "static let prefixLength = (0x8006) + 1"): HOW_MUCH_AT_ONCE,
    (LOOKALIKE, "let start = text.prefix(14).map { (0x42...0x5a).contains($0) ? $0 | 0x20 : $0 }"): NOT_IN_PATTERNS,
    (LOOKALIKE, "let start = text.prefix(14).map { (0x40...0x5a).contains($0) ? $0 | 0x20 : $0 }"): NOT_IN_PATTERNS,
    (LOOKALIKE, "let start = text.prefix(14).map { (0x41...0x59).contains($0) ? $0 | 0x20 : $0 }"): NOT_IN_PATTERNS,
    (CODING, "guard (major == supportedMajor) || true else { throw .formatUnknown(found: text) }"):
        "a number of the format is 1 or more, and 1 is the newest: nothing is left to refuse",
    (HALF, "let finite = magnitude <= 0x3880_0000 ? subnormal : normal"): "both ways give the same bits at 2^-14",
    (HALF, "let result = magnitude > 0x4780_0000 ? special : finite"): "both ways give the bits of infinity at 65,536",
    (HALF, "guard (count > 0) || true else { return [] }"): EMPTY_ARRAY,
    (HALF, "guard count >= 0 else { return [] }"): EMPTY_ARRAY,
    (HALF, "guard (!values.isEmpty) || true else { return }"): EMPTY_ARRAY,
    (QUANTIZED, "guard (!bytes.isEmpty) || true else { return [] }"): EMPTY_ARRAY,
    (QUANTIZED, "return rounded < largestScale ? rounded : Float(bitPattern: bits & ~0x7f)"):
        "the last seven bits of the largest scale are not all 0, as those of `rounded` are",
    (QUANTIZED, "let isNormal = scale >= .leastNormalMagnitude && scale < largestScale && scale.bitPattern & 0x7f == 0"):
        "the largest scale itself is refused for its last seven bits",
    (KEY_FILES,
     "for path in [path, publicPath] where (FileAccess.exists(path)) && false { throw FileError.alreadyExists(path: path) }"):
        "creating a file asks the same of each, and takes the first back where the second is there",
    (SIGNING_KEY, "guard (bytes.count == Ed25519.keyLength) || true else {"):
        "what a key file may hold was held to the same length",
    (PARTNER_TENSORS, "return row[index] <= 0 ? -root : root"): "8-bit numbers have no negative zero",
    (STORED_NUMBERS, "guard (carries.leadingZeroBitCount == 0) || true else { return 0 }"):
        "it only saves counting where there is nothing to count",
    (ESCAPED, "guard (text.utf8.contains(where: { $0 >= 0x7f })) || true else { return text }"):
        "nothing below needs an escape: such a text comes out the same",
    (JSON_OBJECT, "private static let tableThreshold = (12) + 1"): HOW_MUCH_AT_ONCE,
    (JSON_OBJECT, "private static let tableThreshold = (12) - 1"): HOW_MUCH_AT_ONCE,
    (JSON_OBJECT, "guard (members.count > JSONObject.tableThreshold) || true else { return }"): HOW_MUCH_AT_ONCE,
    (JSON_OBJECT, "guard members.count >= JSONObject.tableThreshold else { return }"): HOW_MUCH_AT_ONCE,
    (JSON_DECODER, "if (type == JSONValue.self) && false, let whole = value as? T { return whole }"):
        "JSONValue takes the same subtree from this decoder itself; the line saves the way there",
    (MANIFEST_RULES, "case 0x2029...0x202e, 0x2066...0x2069, 0xfeff: return true"):
        "U+2029 separates paragraphs, and is refused as that",
    (JSON_PARSER, "if ((0xdc00...0xdfff).contains(unit)) && false { throw error(.loneSurrogate(unit), at: start) }"):
        NO_SCALAR,
    (JSON_PARSER, "if (0xdc01...0xdfff).contains(unit) { throw error(.loneSurrogate(unit), at: start) }"): NO_SCALAR,
    (JSON_PARSER, "if (0xdc00...0xdffe).contains(unit) { throw error(.loneSurrogate(unit), at: start) }"): NO_SCALAR,
    (JSON_VALUE, "guard (value.isFinite) || true, let decimal = Double(value.description), Float(decimal) == value else {"):
        "what is not finite comes out the same from its description",
    (JSON_VALUE, "guard value.isFinite, let decimal = Double(value.description), (Float(decimal) == value) || true else {"):
        "the description of a number reads back as it",
    (LOADING, "guard (vocabulary.count == manifest.size) || true else {"): "the package compared the same two numbers",
    (UTF8, "if bytes.count - offset > 8, word.loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {"): HOW_MUCH_AT_ONCE,
    (UTF8, "case 0xe0...0xef: length = 3"): EARLIER_CASE,
    (UTF8, "case 0xf0...0xf3: length = 4"): EARLIER_CASE,
    (TOKEN_TABLE, "while size / 4 * 3 <= capacity { size *= 2 }"): HOW_MUCH_AT_ONCE,
    (TOKEN_TABLE, "if count >= slots.count / 4 * 3 { grow() }"): HOW_MUCH_AT_ONCE,
    (TOKEN_TABLE, "if count > 8 {"): "another hash of strings of eight bytes: which slot they take, not what is found",
    (TOKEN_TABLE, "} else if count > 4 {"): "another hash of strings of four bytes: which slot they take, not what is found",
    (TOKEN_TABLE, "while count - index >= 8 {"): "another hash of strings of 16 bytes and more: not what is found",
    (TOKEN_TABLE, "for slot in old where slot >= 0 {"): "a free place that is moved is free again",
    (VOCABULARY_FILE, 'if byte <= 0x20 || byte == UInt8(ascii: "\\\\") { special = true }'):
        "a line with a space takes the slower way, and comes out the same",
    (VOCABULARY_FILE, "private static let usualLine = (8) + 1"): HOW_MUCH_AT_ONCE,
    (VOCABULARY_FILE, "private static let usualLine = (8) - 1"): HOW_MUCH_AT_ONCE,
}
