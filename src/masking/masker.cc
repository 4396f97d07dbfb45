#include "src/masking/masker.h"

#include "src/masking/auth_scheme.h"
#include "src/masking/content_scan.h"
#include "src/masking/text_scan.h"
#include "src/masking/url_scan.h"

namespace logs_sdk::inline v1 {
namespace {

// The whole value, but for the name of an authentication scheme.
bool mask_whole(std::string_view value, std::string& out) {
  if (value.empty()) return false;
  const std::size_t scheme = auth_scheme_bytes(value);
  if (value.substr(scheme > 0 ? scheme + 1 : 0) == kMasked) return false;
  if (scheme > 0) out.append(value.substr(0, scheme)).append(" ");
  out.append(kMasked);
  return true;
}

// Masking can bring parts of a torn text together that mean something else then, so it goes on until nothing changes.
// Hardly any text needs a second pass that changes it; each one swallows more, so it ends.
constexpr int kMaxPasses = 16;

template <typename Scan>
bool until_settled(std::string_view text, std::string& out, const Scan& scan) {
  const std::size_t start = out.size();
  if (!scan(text, out)) return false;
  for (int pass = 1; pass < kMaxPasses; ++pass) {
    std::string again;
    if (!scan(std::string_view(out).substr(start), again)) break;
    out.replace(start, std::string::npos, again);
  }
  return true;
}

}  // namespace

Masker::Masker(const std::vector<std::string>& extra, const std::vector<std::string>& allow) : names_(extra, allow) {}

bool Masker::mask_header(std::string_view name, std::string_view value, std::string& out, Extent extent) const {
  return mask_header(header_kind(name), name, value, out, extent);
}

bool Masker::mask_header(HeaderKind kind, std::string_view name, std::string_view value, std::string& out,
                         Extent extent) const {
  // Only what the list may hold, or what the application has said, needs the names.
  const bool ask = kind == HeaderKind::kOther || (kind == HeaderKind::kSecret && names_.has_allowed());
  const bool secret = ask ? names_.hides(name, value) : kind == HeaderKind::kSecret || names_.is_extra(name);
  if (secret) return mask_whole(value, out);
  if (kind == HeaderKind::kUrl) return mask_url(value, out, extent);
  return until_settled(value, out, [&](std::string_view in, std::string& to) {
    return TextScan(names_, in, extent == Extent::kCut).run(to);
  });
}

bool Masker::mask_url(std::string_view url, std::string& out, Extent extent) const {
  const UrlScan scan(names_, extent == Extent::kCut);
  return until_settled(url, out, [&](std::string_view in, std::string& to) { return scan.url(in, to); });
}

bool Masker::mask_query(std::string_view query, std::string& out, Extent extent) const {
  const UrlScan scan(names_, extent == Extent::kCut);
  return until_settled(query, out, [&](std::string_view in, std::string& to) { return scan.query(in, to); });
}

bool Masker::mask_text(std::string_view text, std::string& out, Extent extent) const {
  return mask_content(ContentKind::kUnknown, text, extent, out);
}

bool Masker::mask_value(std::string_view name, std::string_view value, std::string& out, Extent extent) const {
  return names_.hides(name, value) ? mask_whole(value, out) : mask_text(value, out, extent);
}

bool Masker::mask_body(std::string_view content_type, std::string_view body, Extent extent,
                       std::string& out) const noexcept {
  const std::size_t begin = out.size();
  try {
    return mask_content(content_kind(content_type), body, extent, out);
  } catch (...) {
    out.resize(begin);  // it may hold what only a further pass would have masked
    return true;
  }
}

bool Masker::mask_content(ContentKind kind, std::string_view text, Extent extent, std::string& out) const {
  const ContentScan scan(names_);
  return until_settled(
      text, out, [&](std::string_view in, std::string& to) { return scan.run(kind, in, extent == Extent::kCut, to); });
}

}  // namespace logs_sdk::inline v1
