// DeadLetters: the entries that the platform has refused for good, with its reason, for a person to look at. Lines of
// JSON in files of their own below the project folder (docs/formats/spool.md, "Dead letters"). Nothing reads them back.
//
// Ownership: each DeadLetters writes files of its own; any number, in any processes, share one folder and its limit.
// Durability: what keep() has written survives the death of the process; nothing is synced.
// Thread-safety: keep() from one thread at a time, counts() from any.
#ifndef LOGS_SDK_SPOOL_DEAD_LETTERS_H_
#define LOGS_SDK_SPOOL_DEAD_LETTERS_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "src/base/clock.h"
#include "src/base/file_system.h"
#include "src/base/status.h"
#include "src/spool/project_folder.h"
#include "src/spool/record_source.h"

namespace logs_sdk::inline v1 {

inline constexpr const char* kDeadLetterFolder = "deadletter";
inline constexpr std::uint64_t kDeadLetterShare = 20;     // of the project folder's cap: 5 %
inline constexpr std::uint64_t kDeadLetterFiles = 4;      // the limit divided by this is the size of one file
inline constexpr std::size_t kMaxDeadLetterReason = 256;  // bytes

// Views live during the call.
struct DeadLetter {
  std::string_view instance;  // the directory that held the record
  Stream stream = 0;
  int status = 0;           // of the answer that refused it
  std::string_view reason;  // one printable line of UTF-8; what is beyond kMaxDeadLetterReason is cut
  std::string_view entry;   // JSON
};

class DeadLetters {
 public:
  struct Counts {
    std::uint64_t kept = 0;
    std::uint64_t lost = 0;  // could not be written, or were written by anybody and had to make room
  };

  // `find_project_dir` is asked for each letter. `max_bytes`: the cap of the project folder, of which the letters of
  // all processes get their share.
  DeadLetters(FindProjectFolder find_project_dir, std::uint64_t max_bytes, Clock& clock);
  DeadLetters(const DeadLetters&) = delete;
  DeadLetters& operator=(const DeadLetters&) = delete;

  // Appends one line; where room is short the oldest file goes first. A failure says why nothing was kept of it.
  Status keep(const DeadLetter& letter);
  Counts counts() const noexcept;

 private:
  Status append(const std::string& line);
  Status make_room(int folder, std::size_t bytes);
  Result<FileDescriptor> open_own(int folder, std::size_t bytes);

  const FindProjectFolder find_project_dir_;
  const std::uint64_t limit_;
  Clock& clock_;
  std::string file_;  // the one that is written to; empty: none yet
  std::atomic<std::uint64_t> kept_{0};
  std::atomic<std::uint64_t> lost_{0};
};

// Whether a file of that name in kDeadLetterFolder holds dead letters.
bool is_dead_letter_file(std::string_view name) noexcept;

// Bytes of all dead letters in an open project folder; 0 where there is no such folder.
std::uint64_t measure_dead_letters(int project);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_DEAD_LETTERS_H_
