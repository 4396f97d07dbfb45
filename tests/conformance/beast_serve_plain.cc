#include <boost/beast/core/tcp_stream.hpp>

#include "tests/conformance/beast_serving.h"
#include "tests/conformance/beast_session.h"

namespace logs_sdk::conformance {

boost::asio::awaitable<void> serve_plain(boost::asio::ip::tcp::socket socket, const Surroundings& around) {
  return serve_over_tcp<UnrecordedCalls>(boost::beast::tcp_stream(std::move(socket)), around);
}

}  // namespace logs_sdk::conformance
