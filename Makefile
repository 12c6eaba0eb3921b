SHELL := /bin/bash
.PHONY: demo test setup

# Installs what is missing: Node 24 and the packages (npm), Redis and a browser where root may.
setup:
	@bash scripts/setup.sh

demo: setup
	@npm run --silent demo

test:
	@bash scripts/setup.sh test
	@npm run --silent check
