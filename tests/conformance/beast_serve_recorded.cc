#include <boost/beast/core/tcp_stream.hpp>

#include "tests/conformance/beast_recorded_calls.h"
#include "tests/conformance/beast_serving.h"
#include "tests/conformance/beast_session.h"

namespace logs_sdk::conformance {

boost::asio::awaitable<void> serve_recorded(boost::asio::ip::tcp::socket socket, const Surroundings& around) {
  using Stream = ::logs_sdk::beast::Stream<boost::beast::tcp_stream>;
  return serve_over_tcp<RecordedCalls>(Stream(*around.logs, std::move(socket)), around);
}

}  // namespace logs_sdk::conformance
