using System.Net;
using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Schema.Tests.Values;

public sealed class IpRulesTests
{
    private const string NotAddress = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

    [Theory]
    [InlineData("1.2.3.4", "", "")]
    [InlineData("255.255.255.255", "", "")]
    [InlineData("1234::abcd", "", "")]
    [InlineData("::", "", "")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", "")]
    [InlineData("0:0:0:0:0:0:0:0", "must be in canonical form (\"::\")", "")]
    [InlineData("0001:002:03:4::", "must be in canonical form (\"1:2:3:4::\")", "")]
    [InlineData("1234::ABCD", "must be in canonical form (\"1234::abcd\")", "")]
    [InlineData("1:0:0:2:0:0:0:3", "must be in canonical form (\"1:0:0:2::3\")", "")]
    [InlineData("1:2:3:4:5:6:7::", "must be in canonical form (\"1:2:3:4:5:6:7:0\")", "")]
    [InlineData("1.1.1.01", "must not have leading 0s", "must not have leading 0s")]
    [InlineData("::ffff:1.1.1.1", "must not be an IPv4-mapped IPv6 address", "must not be an IPv4-mapped IPv6 address")]
    [InlineData("", NotAddress, NotAddress)]
    [InlineData("aaaaaaa", NotAddress, NotAddress)]
    [InlineData("1.2.3.0/24", NotAddress, NotAddress)]
    [InlineData("1.2.3.400", NotAddress, NotAddress)]
    [InlineData("1.2.3", NotAddress, NotAddress)]
    [InlineData("1.2.3.4.5", NotAddress, NotAddress)]
    [InlineData("-1.0.0.0", NotAddress, NotAddress)]
    [InlineData("2001:db8::10005", NotAddress, NotAddress)]
    [InlineData("1::2::3", NotAddress, NotAddress)]
    [InlineData(":::", NotAddress, NotAddress)]
    [InlineData(":1", NotAddress, NotAddress)]
    [InlineData("1:", NotAddress, NotAddress)]
    [InlineData("1:2:3:4:5:6:7:8:9", NotAddress, NotAddress)]
    [InlineData("::1:2:3:4:5:6:7:8", NotAddress, NotAddress)]
    [InlineData("1.2.3.4:80", NotAddress, NotAddress)]
    [InlineData("[2001:db8::1]", NotAddress, NotAddress)]
    [InlineData("1234::abcd%eth0", NotAddress, NotAddress)]
    public void Addresses(string value, string error, string legacyError)
    {
        Assert.Equal(error, string.Join("|", IpRules.Address(value)));
        Assert.Equal(legacyError, string.Join("|", IpRules.LegacyAddress(value)));
    }

    [Theory]
    [InlineData("1.0.0.0/8", "")]
    [InlineData("0.0.0.0/0", "")]
    [InlineData("::/0", "")]
    [InlineData("::1/128", "")]
    [InlineData("2a00:79e0:2:0::/64", "must be in canonical form (\"2a00:79e0:2::/64\")")]
    [InlineData("1.1.01.0/24", "must not have leading 0s in IP or prefix length")]
    [InlineData("192.168.0.0/016", "must not have leading 0s in IP or prefix length")]
    [InlineData("::ffff:1.1.1.0/120", "must not have an IPv4-mapped IPv6 address")]
    [InlineData("1.2.3.4/24", "must not have bits set beyond the prefix length")]
    [InlineData("2001:db8::1/64", "must not have bits set beyond the prefix length")]
    [InlineData("1.0.0.0/33", "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")]
    [InlineData("1.0.0.0", "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")]
    public void Ranges(string value, string error) => Assert.Equal(error, string.Join("|", IpRules.Cidr(value)));

    [Theory]
    [InlineData("192.168.1.5/24", "")]
    [InlineData("::ffff:192.168.0.1/120", "must be in canonical form (\"192.168.0.1/24\")")]
    [InlineData("2001:DB8::1/64", "must be in canonical form (\"2001:db8::1/64\")")]
    public void Interface_addresses(string value, string error) => Assert.Equal(error, string.Join("|", IpRules.InterfaceAddress(value)));

    [Theory]
    [InlineData("192.12.2.2", null)]
    [InlineData("192.012.2.2", "spec.ip: non-standard IP address \"192.012.2.2\" is invalid: use \"192.12.2.2\"")]
    [InlineData("::ffff:192.12.2.2", "spec.ip: non-standard IP address \"::ffff:192.12.2.2\" is invalid: use \"192.12.2.2\"")]
    [InlineData("2001:db8:0:0::2", "spec.ip: IPv6 address \"2001:db8:0:0::2\" should be in RFC 5952 canonical format (\"2001:db8::2\")")]
    public void Warnings_for_addresses(string value, string? warning) => Assert.Equal(warning, IpRules.AddressWarning(FieldPath.Of("spec").Child("ip"), value));

    [Theory]
    [InlineData("1.2.3.4/24", "f: CIDR value \"1.2.3.4/24\" is ambiguous in this context (should be \"1.2.3.0/24\" or \"1.2.3.4/32\"?)")]
    [InlineData("1.2.03.0/24", "f: non-standard CIDR value \"1.2.03.0/24\" is invalid: use \"1.2.3.0/24\"")]
    [InlineData("2001:db8:0::/64", "f: IPv6 CIDR value \"2001:db8:0::/64\" should be in RFC 5952 canonical format (\"2001:db8::/64\")")]
    public void Warnings_for_ranges(string value, string warning) => Assert.Equal([warning], IpRules.CidrWarnings(FieldPath.Of("f"), value));

    [Fact]
    public void Canonical_addresses_read_back_as_the_platform_reads_them() => Property.Holds(
        Gen.Elements(0, 0, 0, 1, 255).ArrayOf(16).Where(b => !b.Take(12).All(x => x is 0 or 255)),
        bytes =>
        {
            var address = new IPAddress(Array.ConvertAll(bytes, b => (byte)b));
            var errors = IpRules.Address(address.ToString());
            var canonical = errors.Count == 0 ? address.ToString() : errors[0].Split('"')[1];
            Assert.Equal(address, IPAddress.Parse(canonical));
            Assert.Empty(IpRules.Address(canonical));
        });
}
