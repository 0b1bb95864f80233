# What nix-serve does, on a host of the fleet, which has no nix-serve: hands out the host's own store over HTTP. The narinfos are
# made, and signed with the host's key, by the host's real Nix at the moment in which they are asked for.
#   perl httpCache.pl ADDRESS PORT [SECRETKEYFILE]
use strict;
use warnings;
use IO::Socket::INET;

my ($address, $port, $key) = @ARGV;
my $out = "/run/http-cache";
mkdir $out;
my $target = "file://$out?compression=none" . (defined $key ? "&secret-key=$key" : "");
my $server = IO::Socket::INET->new(LocalAddr => $address, LocalPort => $port, Listen => 64, ReuseAddr => 1)
    or die "can't listen at $address:$port: $!";
$SIG{PIPE} = "IGNORE";

sub answer {
    my ($client, $status, $body) = @_;
    print $client "HTTP/1.1 $status\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
}

sub content {
    my ($name) = @_;
    open my $file, "<:raw", "$out/$name" or return undef;
    local $/;
    return scalar <$file>;
}

while (1) {
    my $client = $server->accept() or next;
    my $asked = <$client> // "";
    while (my $header = <$client>) { last if $header =~ /^\r?\n$/ }
    my $body;
    if ($asked =~ m{^GET /nix-cache-info }) {
        $body = "StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 30\n";
    } elsif ($asked =~ m{^GET /([0-9a-z]{32})\.narinfo }) {
        my $hash = $1;
        my ($path) = grep { !/\.(lock|drv)$/ } glob "/nix/store/$hash-*";
        unlink "$out/$hash.narinfo";
        system("nix", "copy", "--no-check-sigs", "--to", $target, $path) if defined $path;
        $body = content("$hash.narinfo");
    } elsif ($asked =~ m{^GET /(nar/[0-9a-z]+\.nar) }) {
        $body = content($1);
    }
    defined $body ? answer($client, "200 OK", $body) : answer($client, "404 Not Found", "not here\n");
    close $client;
}
