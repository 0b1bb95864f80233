# Knobs of each toy host: serial (a new number is a new system), payloadMb, buildSeconds, buildScript (such as "exit 7"),
# exitCode and activationSeconds of switch-to-configuration.
{
  stage = { serial = 1; };
  prod = { serial = 1; };
  web = { serial = 1; payloadMb = 8; };
}
