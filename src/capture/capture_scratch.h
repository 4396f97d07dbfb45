// CaptureScratch: the memory in which capture builds what is not simply a view of the exchange. One per thread, used
// again and again; after the first exchanges it allocates nothing.
#ifndef LOGS_SDK_CAPTURE_CAPTURE_SCRATCH_H_
#define LOGS_SDK_CAPTURE_CAPTURE_SCRATCH_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "src/capture/body_decoder.h"
#include "src/entry/entry_view.h"
#include "src/masking/trigger.h"

namespace logs_sdk::inline v1 {

// Fields that are built are written one after another into `text`, which moves as it grows; so the views of them are
// noted as offsets and become views at the end.
class CaptureScratch {
 public:
  // What was appended to text() from `begin` on is the value of `field`, which stays in place until resolve().
  void assign(std::string_view& field, std::size_t begin) { pending_.push_back({&field, begin, text_.size() - begin}); }
  std::string& text() noexcept { return text_; }

  void reset() noexcept;
  void resolve() noexcept;

  std::vector<HeaderView> request_headers, response_headers;
  std::vector<TagView> tags;
  TriggerMap triggers;  // of the exchange's arena
  BodyDecoder body_decoder;

 private:
  struct Pending {
    std::string_view* field;
    std::size_t offset, size;
  };
  std::string text_;
  std::vector<Pending> pending_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_CAPTURE_SCRATCH_H_
