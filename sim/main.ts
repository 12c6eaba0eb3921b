#!/usr/bin/env node
import { runDemo } from "./demo/run.ts";

process.exitCode = await runDemo(process.argv.slice(2));
