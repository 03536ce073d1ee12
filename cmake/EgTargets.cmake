# How every target of the project is compiled.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Warnings, sanitizers and the feature level, for C and C++ targets.
function(eg_target target)
  target_compile_definitions(${target} PRIVATE _POSIX_C_SOURCE=200809L _FILE_OFFSET_BITS=64)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wshadow -Wvla -Wformat=2
    $<$<COMPILE_LANGUAGE:C>:-Wconversion -Wmissing-prototypes -Wstrict-prototypes>)
  if(EG_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(EG_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${EG_SANITIZE} -fno-omit-frame-pointer
      -fno-sanitize-recover=all)
    target_link_options(${target} PRIVATE -fsanitize=${EG_SANITIZE})
  endif()
endfunction()

# One step of the core's line: an object library over common/.
function(eg_core_library target)
  eg_target(${target})
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/common)
endfunction()

# eg_unit_test(name LIBRARIES steps...): tests/unit/<name>.cpp as one CTest test.
function(eg_unit_test name)
  cmake_parse_arguments(ARG "" "" "LIBRARIES" ${ARGN})
  add_executable(${name} ${name}.cpp)
  eg_target(${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support)
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} GTest::gtest_main)
  add_test(NAME unit.${name} COMMAND ${name})
  set_tests_properties(unit.${name} PROPERTIES
    SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]"
    ENVIRONMENT "EGSHARK_SAMPLES=${EGSHARK_SAMPLES}")
endfunction()
