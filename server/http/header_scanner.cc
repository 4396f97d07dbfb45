#include "server/http/header_scanner.h"

namespace logs_server {

bool HeaderScanner::scan(std::string_view received) {
  while (end_ == 0 && fault_.empty() && scanned_ < received.size()) {
    const bool is_end = read(received[scanned_]);
    ++scanned_;
    if (is_end) end_ = scanned_;
  }
  return end_ != 0 || !fault_.empty();
}

// True for the last byte of the empty line that ends a header.
bool HeaderScanner::read(char c) {
  if ((c == '\n') != after_cr_) {  // RFC 9112 2.2
    fault_ = "a line of the header does not end in CR LF";
  } else if (c == '\n') {
    const bool is_empty = line_length_ == 0;
    line_length_ = 0;
    after_cr_ = false;
    return is_empty;
  } else if (c == '\r') {
    after_cr_ = true;
  } else if (c == '\0') {  // RFC 9110 5.5
    fault_ = "the header holds a NUL";
  } else if (line_length_++ == 0 && (c == ' ' || c == '\t')) {  // RFC 9112 5.2
    fault_ = "a field of the header is continued on another line";
  }
  return false;
}

}  // namespace logs_server
