// BodyDecoder: the copy of a body as UTF-8 text: its content codings undone, its charset converted. Of the copy only:
// what the application reads and writes is never touched.
//
// Bounded: a body yields what an entry may show of it and no more, however much it would become; the copy itself is
// bounded, so that what yields nothing ends too. A copy that is torn is read as far as it goes.
// Ownership: one per CaptureScratch. It keeps its working memory between calls. One thread at a time.
#ifndef LOGS_SDK_CAPTURE_BODY_DECODER_H_
#define LOGS_SDK_CAPTURE_BODY_DECODER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "src/base/charset.h"
#include "src/base/compression.h"

namespace logs_sdk::inline v1 {

// What is known of a body.
struct RawBody {
  std::string_view copy;
  bool cut = false;  // it went on after the copy
  std::string_view content_type;
  std::string_view content_encoding;
  std::size_t max_bytes = 0;  // of text that is wanted
};

struct BodyText {
  std::string_view text;  // of the copy, or of the decoder, until its next call
  bool cut = false;       // the body goes on after it
  bool readable = false;  // false: it is no text, or cannot be read as such
  bool is_of_copy = true;
};

class BodyDecoder {
 public:
  // Throws std::bad_alloc only.
  BodyText decode(const RawBody& body);

 private:
  bool undo_codings(std::string_view codings, std::size_t max_bytes, BodyText& body);
  bool undo(Encoding encoding, std::size_t max_bytes, BodyText& body);
  bool to_utf8(const RawBody& raw, BodyText& body);
  bool convert(const Charset& charset, std::size_t max_bytes, BodyText& body);

  std::unique_ptr<Decompressor> decompressor_;
  CharsetConverter converter_;
  std::string bytes_, text_;
};

// How many bytes of a body its copy needs for `text_bytes` of text: in UTF-16 twice as many, in UTF-32 four times; in
// zstd those of a whole block, which yields nothing before its end. `beginning`: the first bytes of the body.
std::size_t copied_bytes_for(std::size_t text_bytes, std::string_view content_type, std::string_view content_encoding,
                             std::string_view beginning) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_BODY_DECODER_H_
