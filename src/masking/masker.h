// Masker: the one engine that keeps secrets out of entries. By name (deny list, names normalised by dropping '-', '_'
// and case) and by value (JWT, PEM block, cloud and vendor keys, payment cards), wherever a value stands.
//
// A masked value becomes "***". Every function sees the whole text before anything is cut, takes time linear in it, and
// masks when in doubt. Masking what is masked changes nothing.
// Thread-safety: constant after construction; every call from any thread. Throws std::bad_alloc only, where it throws.
#ifndef LOGS_SDK_MASKING_MASKER_H_
#define LOGS_SDK_MASKING_MASKER_H_

#include <string>
#include <string_view>
#include <vector>

#include "src/masking/content_scan.h"
#include "src/masking/header_kind.h"
#include "src/masking/secret_names.h"

namespace logs_sdk::inline v1 {

inline constexpr std::string_view kMasked = "***";

// Whether the text that is masked goes on after what is shown: a value that does not end within it is then masked to
// the end.
enum class Extent { kWhole, kCut };

class Masker {
 public:
  // `extra` and `allow`: names as in Config::mask_extra and mask_allow.
  Masker(const std::vector<std::string>& extra, const std::vector<std::string>& allow);

  bool is_secret_name(std::string_view name) const noexcept { return names_.matches(name); }

  // Each function exists twice. mask_x() appends the masked text and returns true, or returns false and leaves `out`
  // alone when there is nothing to mask: most texts need no copy. x() always appends.

  // The value of header `name` (any case): "***" for a secret one, "Bearer ***" where a scheme can be kept; URLs in
  // Referer, Location and the like as url(); anything else as text().
  bool mask_header(std::string_view name, std::string_view value, std::string& out,
                   Extent extent = Extent::kWhole) const;
  // The same, of a name whose kind is known.
  bool mask_header(HeaderKind kind, std::string_view name, std::string_view value, std::string& out,
                   Extent extent = Extent::kWhole) const;
  // Whether a header of that kind is masked as text(), whatever its name: then there is nothing to mask in a value
  // without triggers (trigger.h).
  bool masks_as_text(HeaderKind kind) const noexcept { return kind == HeaderKind::kOpen && !names_.has_extra(); }
  // A URL of any form: user info, the values of secret parameters in query and fragment, secret-looking values.
  bool mask_url(std::string_view url, std::string& out, Extent extent = Extent::kWhole) const;
  // A query string without '?', also a form body.
  bool mask_query(std::string_view query, std::string& out, Extent extent = Extent::kWhole) const;
  // Free text: name=value, name: value and "name":"value" with a secret name, and secret-looking values. A text that is
  // JSON, XML or the like is masked as that.
  bool mask_text(std::string_view text, std::string& out, Extent extent = Extent::kWhole) const;
  // The value of a named thing that is neither header nor URL, such as a tag.
  bool mask_value(std::string_view name, std::string_view value, std::string& out,
                  Extent extent = Extent::kWhole) const;
  // A body, by what its first characters and its content type say that it is (content_scan.h). A multipart body becomes
  // a summary of its parts. When memory runs out, nothing of the body is appended and true is returned.
  bool mask_body(std::string_view content_type, std::string_view body, Extent extent, std::string& out) const noexcept;

  void header(std::string_view name, std::string_view value, std::string& out) const {
    if (!mask_header(name, value, out)) out.append(value);
  }
  void url(std::string_view url, std::string& out) const {
    if (!mask_url(url, out)) out.append(url);
  }
  void query(std::string_view query, std::string& out, Extent extent = Extent::kWhole) const {
    if (!mask_query(query, out, extent)) out.append(query);
  }
  void text(std::string_view text, std::string& out, Extent extent = Extent::kWhole) const {
    if (!mask_text(text, out, extent)) out.append(text);
  }
  void value(std::string_view name, std::string_view value, std::string& out) const {
    if (!mask_value(name, value, out)) out.append(value);
  }
  void body(std::string_view content_type, std::string_view body, Extent extent, std::string& out) const {
    if (!mask_body(content_type, body, extent, out)) out.append(body);
  }

 private:
  bool mask_content(ContentKind kind, std::string_view text, Extent extent, std::string& out) const;

  SecretNames names_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_MASKER_H_
