#include "src/base/charset.h"

#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

namespace logs_sdk::inline v1 {
namespace {

constexpr Charset kUtf16Le{"UTF-16LE", 2}, kUtf16Be{"UTF-16BE", 2}, kUtf32Le{"UTF-32LE", 4}, kUtf32Be{"UTF-32BE", 4};
constexpr Charset kWindows1252{"CP1252", 1}, kWindows1250{"CP1250", 1}, kWindows1251{"CP1251", 1},
    kWindows1253{"CP1253", 1}, kWindows1254{"CP1254", 1}, kWindows1255{"CP1255", 1}, kWindows1256{"CP1256", 1},
    kWindows1257{"CP1257", 1}, kWindows1258{"CP1258", 1}, kWindows874{"TIS-620", 1};
constexpr Charset kIso2{"ISO-8859-2", 1}, kIso5{"ISO-8859-5", 1}, kIso7{"ISO-8859-7", 1}, kIso15{"ISO-8859-15", 1};
constexpr Charset kKoi8R{"KOI8-R", 1}, kKoi8U{"KOI8-U", 1}, kIbm866{"IBM866", 1}, kMacintosh{"MACINTOSH", 1};
constexpr Charset kGb18030{"GB18030", 1}, kBig5{"BIG5", 1}, kBig5Hkscs{"BIG5-HKSCS", 1};
constexpr Charset kWindows31J{"CP932", 1}, kEucJp{"EUC-JP", 1}, kIso2022Jp{"ISO-2022-JP", 1}, kWindows949{"CP949", 1};

struct Label {
  std::string_view label;
  const Charset* charset;
};
// Sorted.
constexpr Label kLabels[] = {
    {"ansi_x3.4-1968", &kUtf8},
    {"ascii", &kUtf8},
    {"big-5", &kBig5},
    {"big5", &kBig5},
    {"big5-hkscs", &kBig5Hkscs},
    {"chinese", &kGb18030},
    {"cn-big5", &kBig5},
    {"cp1250", &kWindows1250},
    {"cp1251", &kWindows1251},
    {"cp1252", &kWindows1252},
    {"cp819", &kWindows1252},
    {"cp866", &kIbm866},
    {"cp932", &kWindows31J},
    {"cp936", &kGb18030},
    {"cp949", &kWindows949},
    {"cp950", &kBig5},
    {"csbig5", &kBig5},
    {"cseuckr", &kWindows949},
    {"csgb2312", &kGb18030},
    {"csisolatin1", &kWindows1252},
    {"csshiftjis", &kWindows31J},
    {"euc-cn", &kGb18030},
    {"euc-jp", &kEucJp},
    {"euc-kr", &kWindows949},
    {"gb18030", &kGb18030},
    {"gb2312", &kGb18030},
    {"gb_2312", &kGb18030},
    {"gb_2312-80", &kGb18030},
    {"gbk", &kGb18030},
    {"ibm819", &kWindows1252},
    {"ibm866", &kIbm866},
    {"iso-10646-ucs-2", &kUtf16Le},
    {"iso-2022-jp", &kIso2022Jp},
    {"iso-8859-1", &kWindows1252},
    {"iso-8859-15", &kIso15},
    {"iso-8859-2", &kIso2},
    {"iso-8859-5", &kIso5},
    {"iso-8859-7", &kIso7},
    {"iso-8859-9", &kWindows1254},
    {"iso-ir-100", &kWindows1252},
    {"iso8859-1", &kWindows1252},
    {"iso88591", &kWindows1252},
    {"iso_8859-1", &kWindows1252},
    {"koi8-r", &kKoi8R},
    {"koi8-u", &kKoi8U},
    {"korean", &kWindows949},
    {"ks_c_5601-1987", &kWindows949},
    {"ksc5601", &kWindows949},
    {"ksc_5601", &kWindows949},
    {"l1", &kWindows1252},
    {"latin-1", &kWindows1252},
    {"latin1", &kWindows1252},
    {"macintosh", &kMacintosh},
    {"ms932", &kWindows31J},
    {"ms936", &kGb18030},
    {"ms_kanji", &kWindows31J},
    {"shift-jis", &kWindows31J},
    {"shift_jis", &kWindows31J},
    {"sjis", &kWindows31J},
    {"tis-620", &kWindows874},
    {"ucs-2", &kUtf16Le},
    {"ucs-2be", &kUtf16Be},
    {"ucs-2le", &kUtf16Le},
    {"uhc", &kWindows949},
    {"unicode", &kUtf16Le},
    {"us-ascii", &kUtf8},
    {"utf-16", &kUtf16Le},
    {"utf-16be", &kUtf16Be},
    {"utf-16le", &kUtf16Le},
    {"utf-32", &kUtf32Le},
    {"utf-32be", &kUtf32Be},
    {"utf-32le", &kUtf32Le},
    {"utf-8", &kUtf8},
    {"utf16", &kUtf16Le},
    {"utf32", &kUtf32Le},
    {"utf8", &kUtf8},
    {"utf8mb4", &kUtf8},
    {"windows-1250", &kWindows1250},
    {"windows-1251", &kWindows1251},
    {"windows-1252", &kWindows1252},
    {"windows-1253", &kWindows1253},
    {"windows-1254", &kWindows1254},
    {"windows-1255", &kWindows1255},
    {"windows-1256", &kWindows1256},
    {"windows-1257", &kWindows1257},
    {"windows-1258", &kWindows1258},
    {"windows-31j", &kWindows31J},
    {"windows-874", &kWindows874},
    {"windows-936", &kGb18030},
    {"windows-949", &kWindows949},
    {"x-big5", &kBig5},
    {"x-cp1252", &kWindows1252},
    {"x-euc-jp", &kEucJp},
    {"x-gbk", &kGb18030},
    {"x-sjis", &kWindows31J},
    {"x-x-big5", &kBig5},
};
static_assert(std::is_sorted(std::begin(kLabels), std::end(kLabels),
                             [](const Label& a, const Label& b) { return a.label < b.label; }));

constexpr std::size_t kMaxLabelBytes = 16;

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
// A text of the charset has hardly any. Each costs a call of the C library, so somebody else's bytes are given up soon.
constexpr std::size_t kMaxIllFormed = 256;

const iconv_t kNone = reinterpret_cast<iconv_t>(-1);  // what iconv_open returns when there is no such converter

}  // namespace

const Charset* find_charset(std::string_view label) noexcept {
  char lower[kMaxLabelBytes];
  if (label.empty() || label.size() > sizeof lower) return nullptr;
  std::transform(label.begin(), label.end(), lower,
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const std::string_view name(lower, label.size());
  const auto* const found = std::lower_bound(std::begin(kLabels), std::end(kLabels), name,
                                             [](const Label& a, std::string_view b) { return a.label < b; });
  return found != std::end(kLabels) && found->label == name ? found->charset : nullptr;
}

ByteOrderMark find_byte_order_mark(std::string_view text) noexcept {
  constexpr std::string_view kLittle32("\xFF\xFE\0\0", 4), kBig32("\0\0\xFE\xFF", 4);
  if (text.starts_with("\xEF\xBB\xBF")) return {&kUtf8, 3};
  if (text.starts_with(kLittle32)) return {&kUtf32Le, 4};  // UTF-16 would begin with a NUL, which no text does
  if (text.starts_with(kBig32)) return {&kUtf32Be, 4};
  if (text.starts_with("\xFF\xFE")) return {&kUtf16Le, 2};
  if (text.starts_with("\xFE\xFF")) return {&kUtf16Be, 2};
  return {};
}

const Charset* find_wide_charset(std::string_view text) noexcept {
  if (text.size() < 4) return nullptr;
  // Bit i: byte i is no zero.
  unsigned set = 0;
  for (unsigned i = 0; i < 4; ++i) set |= (text[i] != '\0' ? 1u : 0u) << i;
  const auto is_ascii = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]) < 0x80; };
  switch (set) {
    case 0b0001:
      return is_ascii(0) ? &kUtf32Le : nullptr;
    case 0b1000:
      return is_ascii(3) ? &kUtf32Be : nullptr;
    case 0b0101:
    case 0b1101:
      return is_ascii(0) ? &kUtf16Le : nullptr;
    case 0b1010:
    case 0b1110:
      return is_ascii(1) ? &kUtf16Be : nullptr;
    default:
      return nullptr;
  }
}

CharsetConverter::~CharsetConverter() {
  for (const Kept& kept : kept_)
    if (kept.name != nullptr && kept.descriptor != kNone) iconv_close(kept.descriptor);
}

// A converter that is not there is kept as well: the C library would look for it in the file system each time.
void* CharsetConverter::descriptor_of(const Charset& charset) {
  for (const Kept& kept : kept_)
    if (kept.name == charset.name) return kept.descriptor;
  Kept& kept = kept_[next_];
  next_ = (next_ + 1) % kMaxKept;
  if (kept.name != nullptr && kept.descriptor != kNone) iconv_close(kept.descriptor);
  kept = {charset.name, iconv_open(kUtf8.name, charset.name)};
  return kept.descriptor;
}

Conversion CharsetConverter::convert(const Charset& charset, std::string_view text, TextEnd end, std::size_t max_bytes,
                                     std::string& out) {
  const iconv_t descriptor = descriptor_of(charset);
  if (descriptor == kNone) return Conversion::kUnavailable;
  iconv(descriptor, nullptr, nullptr, nullptr, nullptr);  // whatever state the last text has left
  char* from = const_cast<char*>(text.data());            // it reads only; its interface predates const
  std::size_t left = text.size(), ill_formed = 0, room = max_bytes;
  const auto take = [&](std::string_view piece) {
    out.append(piece);
    room -= piece.size();
  };
  char made[1024];
  for (bool at_end = false; true;) {
    char* to = made;
    const std::size_t most = std::min(sizeof made, room);
    std::size_t unused = most;
    // At its end, what the converter holds back, which may belong to a character that has not come.
    const std::size_t result =
        at_end ? iconv(descriptor, nullptr, nullptr, &to, &unused) : iconv(descriptor, &from, &left, &to, &unused);
    const int error = result == static_cast<std::size_t>(-1) ? errno : 0;
    take({made, most - unused});
    if (error == E2BIG) {
      if (most < sizeof made) return Conversion::kCut;
    } else if (at_end) {
      return Conversion::kWhole;
    } else if (error == 0 || (error == EINVAL && end == TextEnd::kTorn)) {
      at_end = true;
    } else {
      if (++ill_formed > kMaxIllFormed) return Conversion::kUnreadable;
      if (room < kReplacement.size()) return Conversion::kCut;
      take(kReplacement);
      // An incomplete character at a real end is one; of an ill-formed one, the bytes after its first may be text.
      const std::size_t skipped = error == EINVAL ? left : std::min<std::size_t>(left, charset.unit_bytes);
      from += skipped;
      left -= skipped;
    }
  }
}

}  // namespace logs_sdk::inline v1
