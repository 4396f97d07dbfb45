// HeaderScanner: finds the end of a request's header as it arrives, and what in it no parser should have to read.
//
// Beast joins folded lines without a word, so they can only be seen in the bytes. What two readers may understand in
// two ways, a proxy before us and we, is how one request is smuggled within another (RFC 9112 11.2).
// Thread-safety: one thread at a time.
#ifndef LOGS_SERVER_HTTP_HEADER_SCANNER_H_
#define LOGS_SERVER_HTTP_HEADER_SCANNER_H_

#include <cstddef>
#include <string_view>

namespace logs_server {

class HeaderScanner {
 public:
  // Reads on where it ended: `received` is all that has come of the header and may have come behind it. True when
  // nothing more is to be read: end() or fault() says why. Each byte is looked at once.
  bool scan(std::string_view received);

  std::size_t end() const noexcept { return end_; }           // behind the empty line; 0 until it has come
  std::string_view fault() const noexcept { return fault_; }  // a sentence of ours; empty while there is none

 private:
  bool read(char c);

  std::size_t scanned_ = 0;
  std::size_t line_length_ = 0;  // of the line under way, without its end
  bool after_cr_ = false;
  std::size_t end_ = 0;
  std::string_view fault_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_HEADER_SCANNER_H_
