#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include "tests/conformance/beast_serving.h"
#include "tests/conformance/beast_session.h"

namespace logs_sdk::conformance {

boost::asio::awaitable<void> serve_secure(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls,
                                          const Surroundings& around) {
  using SecureStream = boost::beast::ssl_stream<boost::beast::tcp_stream>;
  return serve_over_tls<UnrecordedCalls>(SecureStream(std::move(socket), tls), around);
}

}  // namespace logs_sdk::conformance
