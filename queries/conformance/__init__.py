"""The W3C's test suites, run through what a user of Diplograph reaches, and what came of it."""
