#define BOOST_TEST_MODULE runtime_program_tests
#include <boost/test/unit_test.hpp>
