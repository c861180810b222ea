using System.Net;

namespace Coracle.Controllers.Tests;

public sealed class AddressRangesTests
{
    [Theory]
    [InlineData("10.244.0.0/16", 24, 0, "10.244.0.0/24")]
    [InlineData("10.244.0.0/16", 24, 255, "10.244.255.0/24")]
    [InlineData("10.0.0.0/8", 24, 65535, "10.255.255.0/24")]
    [InlineData("10.244.128.0/17", 26, 5, "10.244.129.64/26")]
    [InlineData("fd00:10:244::/56", 64, 3, "fd00:10:244:3::/64")]
    [InlineData("10.244.1.0/25", 24, 0, "10.244.1.0/25")]
    public void A_range_is_cut_into_equal_parts(string whole, int prefix, long index, string expected) =>
        Assert.Equal(expected, new AddressRanges(IPNetwork.Parse(whole), prefix)[index].ToString());

    [Theory]
    [InlineData("10.244.0.0/16", 24, 256)]
    [InlineData("10.244.0.0/22", 24, 4)]
    [InlineData("10.244.1.0/25", 24, 1)]
    public void A_range_has_so_many_parts(string whole, int prefix, long count) => Assert.Equal(count, new AddressRanges(IPNetwork.Parse(whole), prefix).Count);

    [Theory]
    [InlineData("10.244.7.0/24", 7L, 7L)]
    [InlineData("10.244.7.128/25", 7L, 7L)]
    [InlineData("10.244.8.0/22", 8L, 11L)]
    [InlineData("10.0.0.0/8", 0L, 255L)]
    [InlineData("10.245.0.0/24", null, null)]
    [InlineData("fd00::/64", null, null)]
    public void Parts_that_share_addresses_with_another_range_are_known(string other, long? first, long? last) =>
        Assert.Equal((first, last), new AddressRanges(IPNetwork.Parse("10.244.0.0/16"), 24).Overlap(IPNetwork.Parse(other)) is var (f, l) ? (f, l) : (null, null));
}
