#include "src/shipper/answer_body.h"

#include <optional>
#include <utility>

#include "src/base/ascii.h"
#include "src/base/whole_number.h"
#include "src/json/json_checker.h"
#include "src/json/json_text.h"
#include "src/shipper/printable.h"

namespace logs_sdk::inline v1 {
namespace {

// An answer of ours has three levels; the rest is for platforms that wrap theirs.
constexpr std::size_t kMaxAnswerDepth = 16;

bool is_answer_object(std::string_view body) noexcept {
  return json_type(body) == JsonType::kObject &&
         JsonChecker<BoundedNesting<kMaxAnswerDepth>, JsonBytes::kAny>(body).document();
}

// Written in digits only, below 2^63.
std::optional<std::uint64_t> natural(std::string_view token) noexcept {
  if (!is_digit(JsonCursor(token).peek())) return std::nullopt;
  return parse_whole<std::int64_t>(token);
}

// Reads one answer, an object that is well-formed, member by member. A value of the wrong type makes the verdicts bad.
class BodyReader {
 public:
  explicit BodyReader(std::size_t max_rejected) : max_rejected_(max_rejected) {}

  AnswerBody read(std::string_view object) {
    JsonMembers members(object);
    for (std::string_view name, value; members.next(name, value);) read_member(json_string_value(name), value);
    if (ambiguous_) return {};
    if (seen_ & kBatchId) {
      body_.kind = seen_ == kAllVerdicts && well_formed_ ? AnswerBody::Kind::kVerdicts : AnswerBody::Kind::kBadVerdicts;
    } else {
      body_.kind = failure_ ? AnswerBody::Kind::kOther : AnswerBody::Kind::kPlainObject;
    }
    return std::move(body_);
  }

 private:
  enum Member : unsigned { kBatchId = 1, kAccepted = 2, kDuplicate = 4, kRejected = 8, kAllVerdicts = 15 };

  void read_member(const std::string& name, std::string_view value) {
    if (name == "batch_id") {
      note(kBatchId);
      read_string(value, body_.batch_id);
    } else if (name == "accepted") {
      note(kAccepted);
      read_natural(value, body_.accepted);
    } else if (name == "duplicate") {
      note(kDuplicate);
      read_natural(value, body_.duplicate);
    } else if (name == "rejected") {
      note(kRejected);
      read_rejections(value);
    } else if (name == "error") {
      failure_ = true;
    } else if (name == "code") {
      const std::optional<std::uint64_t> code = natural(value);
      if (code != 0U && code != 200U) failure_ = true;
    }
  }

  // A name that comes twice means different things to different readers: such an answer is nobody's.
  void note(Member member) {
    if ((seen_ & member) != 0) ambiguous_ = true;
    seen_ |= member;
  }

  void read_string(std::string_view value, std::string& out) {
    if (json_type(value) == JsonType::kString) {
      out = json_string_value(value);
    } else {
      well_formed_ = false;
    }
  }

  void read_natural(std::string_view value, std::uint64_t& out) {
    if (const std::optional<std::uint64_t> number = natural(value)) {
      out = *number;
    } else {
      well_formed_ = false;
    }
  }

  void read_rejections(std::string_view list) {
    if (json_type(list) != JsonType::kArray) well_formed_ = false;
    JsonMembers items(list);
    for (std::string_view none, item; well_formed_ && items.next(none, item);) read_rejection(item);
  }

  void read_rejection(std::string_view object) {
    std::optional<std::uint64_t> index;
    std::string reason;
    if (json_type(object) != JsonType::kObject) well_formed_ = false;
    JsonMembers members(object);
    for (std::string_view name_token, value; members.next(name_token, value);) {
      const std::string name = json_string_value(name_token);
      if (name == "reason") read_string(value, reason);
      if (name != "index") continue;
      if (index) well_formed_ = false;
      read_natural(value, index.emplace());
    }
    if (!index || body_.rejected.size() == max_rejected_) {
      well_formed_ = false;
    } else {
      body_.rejected.push_back({static_cast<std::size_t>(*index), printable(reason, reason.size())});
    }
  }

  const std::size_t max_rejected_;
  AnswerBody body_;
  unsigned seen_ = 0;  // members of Member
  bool ambiguous_ = false;
  bool well_formed_ = true;
  bool failure_ = false;
};

}  // namespace

AnswerBody read_answer_body(std::string_view body, std::size_t max_rejected) {
  body = trim_json_spaces(body);
  AnswerBody other;
  if (body.empty()) other.kind = AnswerBody::Kind::kEmpty;
  return is_answer_object(body) ? BodyReader(max_rejected).read(body) : other;
}

}  // namespace logs_sdk::inline v1
