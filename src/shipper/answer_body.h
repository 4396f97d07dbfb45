// The body of a successful answer: the platform's verdicts, or what a platform of the original family says, or
// something that no platform has sent. Hostile until read here.
#ifndef LOGS_SDK_SHIPPER_ANSWER_BODY_H_
#define LOGS_SDK_SHIPPER_ANSWER_BODY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace logs_sdk::inline v1 {

// One entry that the platform refuses for good.
struct Rejection {
  std::size_t index = 0;  // within the batch
  std::string reason;     // printable; as long as it came, so that what is masked in it stands there whole
};

struct AnswerBody {
  enum class Kind {
    kEmpty,     // no byte but white space
    kVerdicts,  // the shape of our own platform, its parts well-formed; whether it fits the batch is not checked here
    kBadVerdicts,  // it names a batch_id, but is not of that shape
    kPlainObject,  // a JSON object that tells of no failure: no `error`, no `code` other than 0 or 200
    kOther,        // an object that tells of a failure, other JSON, not JSON
  };
  Kind kind = Kind::kOther;
  // The rest of kVerdicts only.
  std::string batch_id;
  std::uint64_t accepted = 0;
  std::uint64_t duplicate = 0;
  std::vector<Rejection> rejected;  // at most `max_rejected`
};

// More than `max_rejected` rejections are kBadVerdicts.
AnswerBody read_answer_body(std::string_view body, std::size_t max_rejected);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_ANSWER_BODY_H_
