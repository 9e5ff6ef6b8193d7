'use strict';

// s3rver, which by itself knows one pair of keys that everybody knows, with the pair of its environment.

const account = require('s3rver/lib/models/account');

account.DUMMY_ACCOUNT.createKeyPair(process.env.AWS_ACCESS_KEY_ID, process.env.AWS_SECRET_ACCESS_KEY);

require('s3rver/bin/s3rver.js');
