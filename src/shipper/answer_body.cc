#include "src/shipper/answer_body.h"

#include <optional>
#include <utility>

#include "src/shipper/json_reader.h"
#include "src/shipper/printable.h"

namespace logs_sdk::inline v1 {
namespace {

using Token = JsonReader::Token;

// Reads one answer, member by member. A member's reader returns false only when the text is not JSON; a value of the
// wrong type makes the verdicts bad.
class BodyReader {
 public:
  BodyReader(std::string_view body, std::size_t max_rejected) : json_(body), max_rejected_(max_rejected) {}

  AnswerBody read() {
    if (!read_object()) return {};
    if (seen_ & kBatchId) {
      body_.kind = seen_ == kAllVerdicts && well_formed_ ? AnswerBody::Kind::kVerdicts : AnswerBody::Kind::kBadVerdicts;
    } else {
      body_.kind = failure_ ? AnswerBody::Kind::kOther : AnswerBody::Kind::kPlainObject;
    }
    return std::move(body_);
  }

 private:
  enum Member : unsigned { kBatchId = 1, kAccepted = 2, kDuplicate = 4, kRejected = 8, kAllVerdicts = 15 };

  bool read_object() {
    if (json_.next() != Token::kObject) return false;
    for (;;) {
      const Token token = json_.next();
      if (token == Token::kObjectEnd) return json_.next() == Token::kEnd;
      if (token != Token::kName || !read_member(json_.string())) return false;
    }
  }

  bool read_member(const std::string& name) {
    if (name == "batch_id") return note(kBatchId) && read_string(body_.batch_id);
    if (name == "accepted") return note(kAccepted) && read_natural(body_.accepted);
    if (name == "duplicate") return note(kDuplicate) && read_natural(body_.duplicate);
    if (name == "rejected") return note(kRejected) && read_rejections();
    if (name == "error") failure_ = true;
    if (name == "code") return read_code();
    return json_.skip(json_.next());
  }

  // A name that comes twice means different things to different readers: such an answer is nobody's.
  bool note(Member member) {
    const bool first = (seen_ & member) == 0;
    seen_ |= member;
    return first;
  }

  bool read_string(std::string& out) {
    const Token token = json_.next();
    if (token != Token::kString) return read_wrong(token);
    out = json_.string();
    return true;
  }

  bool read_natural(std::uint64_t& out) {
    const Token token = json_.next();
    const std::optional<std::uint64_t> value = token == Token::kNumber ? json_.natural() : std::nullopt;
    if (!value) return read_wrong(token);
    out = *value;
    return true;
  }

  bool read_code() {
    const Token token = json_.next();
    const std::optional<std::uint64_t> value = token == Token::kNumber ? json_.natural() : std::nullopt;
    if (value != 0U && value != 200U) failure_ = true;
    return json_.skip(token);
  }

  bool read_rejections() {
    const Token token = json_.next();
    if (token != Token::kArray) return read_wrong(token);
    for (;;) {
      const Token item = json_.next();
      if (item == Token::kArrayEnd) return true;
      if (item != Token::kObject) {
        if (!read_wrong(item)) return false;
      } else if (!read_rejection()) {
        return false;
      }
    }
  }

  bool read_rejection() {
    std::optional<std::uint64_t> index;
    std::string reason;
    for (Token token = json_.next(); token != Token::kObjectEnd; token = json_.next()) {
      if (token != Token::kName) return false;
      const std::string name = json_.string();
      if (name == "index") {
        if (index) well_formed_ = false;
        if (!read_natural(index.emplace())) return false;
      } else if (name == "reason") {
        if (!read_string(reason)) return false;
      } else if (!json_.skip(json_.next())) {
        return false;
      }
    }
    if (!index || body_.rejected.size() == max_rejected_) {
      well_formed_ = false;
    } else {
      body_.rejected.push_back({static_cast<std::size_t>(*index), printable(reason, reason.size())});
    }
    return true;
  }

  bool read_wrong(Token first) {
    well_formed_ = false;
    return json_.skip(first);
  }

  JsonReader json_;
  std::size_t max_rejected_;
  AnswerBody body_;
  unsigned seen_ = 0;  // members of Member
  bool well_formed_ = true;
  bool failure_ = false;
};

}  // namespace

AnswerBody read_answer_body(std::string_view body, std::size_t max_rejected) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    AnswerBody empty;
    empty.kind = AnswerBody::Kind::kEmpty;
    return empty;
  }
  return BodyReader(body, max_rejected).read();
}

}  // namespace logs_sdk::inline v1
