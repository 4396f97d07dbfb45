// ScriptedPlatform: what a platform does with batches, in a few lines: it takes each entry once, and answers with
// verdicts by rules that a test sets, or as the test scripts the next answers. It remembers what it took, so that a
// test can hold the client's ledger against it. It stands behind a ScriptedHttpServer.
//
// An entry is what it finds between braces; a test's entries hold no braces of their own, and one instance has no two
// equal ones.
// Thread-safety: every call from any thread; rules are set before the first request.
#ifndef LOGS_SDK_TESTING_SCRIPTED_PLATFORM_H_
#define LOGS_SDK_TESTING_SCRIPTED_PLATFORM_H_

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "testing/list_record_source.h"
#include "testing/scripted_http_server.h"

namespace logs_sdk::inline v1 {

class ScriptedPlatform {
 public:
  struct Post {
    std::string target, instance, batch_id, encoding;
    std::vector<std::string> entries;
  };
  using Step = std::function<ScriptedReply(ScriptedPlatform&, const RecordedRequest&)>;

  // -- Rules
  std::function<bool(std::string_view entry)> refuses_batch_with;  // with `refusal`, saying no more
  int refusal = 400;
  std::function<bool(std::string_view entry)> rejects;  // in its verdicts, with `reason`
  std::string reason = "no";
  std::size_t max_body_bytes = SIZE_MAX;  // of a decoded body; beyond it 413
  std::string offers;                     // Accept-Encoding of every answer; empty: none
  bool takes_compressed = true;           // else 415
  std::function<void()> before_answer;    // a slow platform advances its test's clock

  // -- Script: what the next requests get instead
  void next(Step step) {
    const std::lock_guard lock(mutex_);
    script_.push_back(std::move(step));
  }
  // An answer to something that the platform has not even looked at.
  void next_reply(ScriptedReply reply) {
    next([reply = std::move(reply)](ScriptedPlatform&, const RecordedRequest&) { return reply; });
  }
  // Everything is taken, and the client does not learn of it.
  void next_unheard(ScriptedReply::Behaviour behaviour) {
    next([behaviour](ScriptedPlatform& platform, const RecordedRequest& request) {
      ScriptedReply reply = platform.judge(request);
      reply.behaviour = behaviour;
      return reply;
    });
  }

  // The handler of a ScriptedHttpServer.
  ScriptedReply answer(const RecordedRequest& request) {
    Step step;
    {
      const std::lock_guard lock(mutex_);
      posts_.push_back({request.target, header(request, "x-logs-instance"), header(request, "x-batch-id"),
                        header(request, "content-encoding"), entries_of(request.body)});
      if (!script_.empty()) {
        step = std::move(script_.front());
        script_.pop_front();
      }
    }
    if (before_answer) before_answer();
    return step ? step(*this, request) : judge(request);
  }

  // By the rules: what is new is taken, and the answer tells what became of each.
  ScriptedReply judge(const RecordedRequest& request) {
    ScriptedReply reply = decide(request);
    if (!offers.empty()) reply.headers.emplace_back("Accept-Encoding", offers);
    return reply;
  }

  std::vector<Post> posts() const {
    const std::lock_guard lock(mutex_);
    return posts_;
  }
  std::set<std::string> taken(const std::string& instance) const {
    const std::lock_guard lock(mutex_);
    const auto found = taken_.find(instance);
    return found == taken_.end() ? std::set<std::string>() : found->second;
  }

 private:
  static std::string header(const RecordedRequest& request, const std::string& name) {
    const auto found = request.headers.find(name);
    return found == request.headers.end() ? "" : found->second;
  }

  static std::vector<std::string> entries_of(const std::string& body) {
    std::vector<std::string> entries;
    for (std::size_t at = body.find('{', 1); at != std::string::npos; at = body.find('{', at + 1)) {
      entries.push_back(body.substr(at, body.find('}', at) + 1 - at));
    }
    return entries;
  }

  ScriptedReply decide(const RecordedRequest& request) {
    if (!takes_compressed && !header(request, "content-encoding").empty()) return {.status = 415};
    if (request.body.size() > max_body_bytes) return {.status = 413};
    const std::vector<std::string> entries = entries_of(request.body);
    for (const std::string& entry : entries) {
      if (refuses_batch_with && refuses_batch_with(entry)) return {.status = refusal};
    }
    const std::lock_guard lock(mutex_);
    std::set<std::string>& taken = taken_[header(request, "x-logs-instance")];
    std::size_t accepted = 0, duplicate = 0;
    std::string rejected;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (rejects && rejects(entries[i])) {
        if (!rejected.empty()) rejected += ',';
        rejected += R"({"index":)" + std::to_string(i) + R"(,"reason":")" + reason + R"("})";
      } else {
        ++(taken.insert(entries[i]).second ? accepted : duplicate);
      }
    }
    return verdicts(request, accepted, duplicate, rejected);
  }

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::deque<Step> script_;
  std::vector<Post> posts_;
  std::map<std::string, std::set<std::string>> taken_;  // by instance
};

// Holds the ledger of `source` against its records one by one, and both against what `platform` took: what counts as
// delivered or duplicate is there, what counts as rejected is not, and nothing is there that the client does not know
// or still has to send.
inline void expect_ledgers_agree(const ListRecordSource& source, const ScriptedPlatform& platform) {
  const std::set<std::string> taken = platform.taken(source.instance());
  std::size_t arrived = 0, unheard = 0;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const std::string entry = source.payload(i);
    const std::optional<Verdict> verdict = source.verdict(i);
    const bool there = taken.count(entry) > 0;
    if (!verdict) {
      unheard += there ? 1 : 0;
    } else if (*verdict == Verdict::kDelivered || *verdict == Verdict::kDuplicate) {
      ++arrived;
      EXPECT_TRUE(there) << entry << " counts as delivered and is not there";
    } else {
      EXPECT_FALSE(there) << entry << " counts as lost and is there";
    }
  }
  EXPECT_EQ(source.spooled(), source.counted());
  EXPECT_EQ(source.spooled().dropped_total(), 0U);
  EXPECT_EQ(taken.size(), arrived + unheard);
}

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_SCRIPTED_PLATFORM_H_
