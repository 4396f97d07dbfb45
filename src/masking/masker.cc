#include "src/masking/masker.h"

#include "src/masking/auth_scheme.h"
#include "src/masking/content_scan.h"
#include "src/masking/text_scan.h"
#include "src/masking/url_scan.h"

namespace logs_sdk::inline v1 {
namespace {

// Nothing but masked values, with their schemes: headers of one name are joined by ", " or "; " after each was masked.
bool is_masked(std::string_view value) noexcept {
  while (true) {
    const std::size_t scheme = auth_scheme_bytes(value);
    if (scheme > 0) value.remove_prefix(scheme + 1);
    if (!value.starts_with(kMasked)) return false;
    value.remove_prefix(kMasked.size());
    if (value.empty()) return true;
    if (!value.starts_with(", ") && !value.starts_with("; ")) return false;
    value.remove_prefix(2);
  }
}

// The whole value, but for the name of an authentication scheme.
bool mask_whole(std::string_view value, std::string& out) {
  if (value.empty() || is_masked(value)) return false;
  const std::size_t scheme = auth_scheme_bytes(value);
  if (scheme > 0) out.append(value.substr(0, scheme)).append(" ");
  out.append(kMasked);
  return true;
}

// Masking can bring parts of a torn text together that mean something else then, so it goes on until nothing changes.
// Hardly any text needs a second pass that changes it; each one swallows more, so it ends.
constexpr int kMaxPasses = 16;

// `settled`: what a scan sets to false when it cannot tell itself that another pass would change nothing.
template <typename Scan>
bool until_settled(std::string_view text, std::string& out, bool& settled, const Scan& scan) {
  const std::size_t start = out.size();
  if (!scan(text, out)) return false;
  for (int pass = 1; pass < kMaxPasses && !settled; ++pass) {
    settled = true;
    std::string again;
    if (!scan(std::string_view(out).substr(start), again)) break;
    out.replace(start, std::string::npos, again);
  }
  return true;
}

template <typename Scan>
bool until_settled(std::string_view text, std::string& out, const Scan& scan) {
  bool settled = false;
  return until_settled(text, out, settled, [&](std::string_view in, std::string& to) {
    settled = false;
    return scan(in, to);
  });
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
  bool settled = true;
  const ContentScan scan(names_, settled);
  return until_settled(text, out, settled, [&](std::string_view in, std::string& to) {
    return scan.run(kind, in, extent == Extent::kCut, to);
  });
}

}  // namespace logs_sdk::inline v1
