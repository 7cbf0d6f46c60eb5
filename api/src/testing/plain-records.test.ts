import { searchContract } from "@sunledger/store/search-contract";
import { plainRecords } from "./plain-records.ts";

searchContract("the search in plain records", async () => plainRecords());
