using System.Net;
using Coracle.Node.Dns;

namespace Coracle.Node.Network.Tests.Dns;

public sealed class CodecTests
{
    private static readonly DnsName Www = DnsName.Parse("www.example.com");

    private static DnsMessage Response(params DnsRecord[] answers) => new()
    {
        Id = 0x1234,
        IsResponse = true,
        RecursionDesired = true,
        RecursionAvailable = true,
        Questions = [new DnsQuestion(Www, DnsType.A)],
        Answers = [.. answers],
    };

    private static DnsMessage Read(ReadOnlySpan<byte> bytes)
    {
        Assert.True(DnsReader.TryRead(bytes, out var message));
        return message;
    }

    private static void AssertSame(DnsMessage expected, DnsMessage actual)
    {
        Assert.Equal(expected.Questions, actual.Questions);
        Assert.Equal(expected.Answers, actual.Answers);
        Assert.Equal(expected.Authority, actual.Authority);
        Assert.Equal(expected.Additional, actual.Additional);
        Assert.Equal(
            expected with { Questions = [], Answers = [], Authority = [], Additional = [] },
            actual with { Questions = [], Answers = [], Authority = [], Additional = [] });
    }

    [Fact]
    public void A_response_has_the_bytes_of_RFC_1035_with_names_compressed()
    {
        var bytes = DnsWriter.Write(Response(DnsRecord.Address(Www, 60, IPAddress.Parse("192.0.2.7"))), 512);

        Assert.Equal(
            "1234" + "8180" + "0001" + "0001" + "0000" + "0000"
            + "03777777" + "076578616d706c65" + "03636f6d" + "00" + "0001" + "0001"
            + "c00c" + "0001" + "0001" + "0000003c" + "0004" + "c0000207",
            Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void Every_kind_of_record_comes_back_as_it_was_written()
    {
        var target = DnsName.Parse("target.example.com");
        var message = Response(
            DnsRecord.Address(Www, 1, IPAddress.Parse("192.0.2.7")),
            DnsRecord.Address(Www, 2, IPAddress.Parse("2001:db8::7")),
            DnsRecord.CName(Www, 3, target),
            DnsRecord.Ptr(Www, 4, target),
            DnsRecord.Srv(Www, 5, 10, 20, 443, target),
            new DnsRecord(Www, DnsType.MX, DnsClass.IN, 6, RData.Of(new byte[] { 0, 10 }, target)),
            new DnsRecord(Www, DnsType.TXT, DnsClass.IN, 7, RData.Bytes("\u0003abc"u8.ToArray())),
            new DnsRecord(Www, (DnsType)65280, DnsClass.IN, 8, RData.Bytes(new byte[] { 0xc0, 0x0c, 0xff }))) with
        {
            Authority = [new DnsRecord(Www, DnsType.SOA, DnsClass.IN, 9, RData.Of(target, Www, new byte[20]))],
            Additional = [DnsRecord.Address(target, 10, IPAddress.Parse("192.0.2.8"))],
            Edns = new Edns(1232) { DnssecOk = true },
            Code = DnsCode.BadVers,
        };

        AssertSame(message, Read(DnsWriter.Write(message, 4096)));
    }

    [Fact]
    public void What_does_not_fit_is_left_out_and_the_response_says_so()
    {
        var many = Enumerable.Range(1, 100).Select(i => DnsRecord.Address(Www, 5, new IPAddress([10, 0, 0, (byte)i]))).ToArray();
        var message = Response(many) with { Edns = new Edns(1232) };

        var bytes = DnsWriter.Write(message, 512);

        Assert.True(bytes.Length <= 512);
        var read = Read(bytes);
        Assert.True(read.Truncated);
        Assert.NotNull(read.Edns);
        Assert.InRange(read.Answers.Length, 25, 35);
        Assert.Equal(many.Take(read.Answers.Length), read.Answers);
    }

    [Fact]
    public void Additional_records_that_do_not_fit_are_left_out_silently()
    {
        var many = Enumerable.Range(1, 100).Select(i => DnsRecord.Address(Www, 5, new IPAddress([10, 0, 0, (byte)i]))).ToArray();
        var message = Response(many[..1]) with { Additional = [.. many] };

        var read = Read(DnsWriter.Write(message, 512));

        Assert.False(read.Truncated);
        Assert.Single(read.Answers);
        Assert.NotEmpty(read.Additional);
    }

    [Fact]
    public void A_names_spelling_survives_compression()
    {
        var shouted = DnsName.Parse("WWW.Example.COM");
        var read = Read(DnsWriter.Write(Response(DnsRecord.CName(Www, 5, shouted)), 512));

        Assert.Equal("WWW.Example.COM.", read.Answers[0].Data.FirstName!.ToString());
        Assert.Equal(Www, shouted);
    }

    [Theory]
    [InlineData("c00c")] // to itself
    [InlineData("c00e")] // forwards
    [InlineData("c000")] // into the header
    [InlineData("0161c00c")] // round and round
    [InlineData("c0")] // cut off
    [InlineData("40")] // a label type that does not exist
    [InlineData("05616263")] // a label beyond the end
    public void A_bad_name_is_garbage(string name)
    {
        var bytes = Convert.FromHexString("123401000001000000000000" + name + "00010001");

        Assert.False(DnsReader.TryRead(bytes, out _));
    }

    [Fact]
    public void A_name_of_more_than_255_bytes_is_garbage_even_if_pointers_make_it_up()
    {
        // 5 questions, each a 63-byte label followed by a pointer to the name before.
        var message = new List<byte>(Convert.FromHexString("123401000005000000000000"));
        var previous = -1;
        for (var i = 0; i < 5; i++)
        {
            var start = message.Count;
            message.Add(63);
            message.AddRange(Enumerable.Repeat((byte)'a', 63));
            message.AddRange(previous < 0 ? [(byte)0] : [(byte)(0xc0 | (previous >> 8)), (byte)previous]);
            message.AddRange([0, 1, 0, 1]);
            previous = start;
        }

        Assert.False(DnsReader.TryRead(message.ToArray(), out _));
    }

    [Fact]
    public void Counts_that_promise_more_than_there_is_are_garbage() =>
        Assert.False(DnsReader.TryRead(Convert.FromHexString("12340100ffffffffffffffff"), out _));

    [Fact]
    public void Random_bytes_are_read_or_rejected_but_never_thrown_on()
    {
        var random = new Random(20260401);
        var readable = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var bytes = new byte[random.Next(0, 80)];
            random.NextBytes(bytes);
            if (bytes.Length >= 12)
            {
                // Small counts, so that some get through.
                for (var at = 4; at < 12; at++)
                {
                    bytes[at] = (byte)(at % 2 == 1 ? random.Next(0, 3) : 0);
                }
            }

            readable += DnsReader.TryRead(bytes, out _) ? 1 : 0;
        }

        Assert.True(readable > 0);
    }

    [Fact]
    public void Damaged_messages_that_can_still_be_read_can_be_written_and_read_again()
    {
        var random = new Random(20260402);
        var whole = DnsWriter.Write(
            Response(
                DnsRecord.CName(Www, 3, DnsName.Parse("a.example.com")),
                DnsRecord.Srv(DnsName.Parse("a.example.com"), 5, 10, 20, 443, Www),
                new DnsRecord(Www, DnsType.NAPTR, DnsClass.IN, 6, new RData([
                    new(null, new byte[] { 0, 1, 0, 2 }), new(null, "\u0001s"u8.ToArray()), new(null, "\u0002ab"u8.ToArray()),
                    new(null, new byte[] { 0 }), new(Www, default)])))
                with { Edns = new Edns(1232) },
            4096);
        Assert.True(DnsReader.TryRead(whole, out _));
        var survivors = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = whole.ToArray();
            for (var damages = random.Next(1, 4); damages > 0; damages--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var cut = random.Next(10) == 0 ? random.Next(bytes.Length) : bytes.Length;
            if (!DnsReader.TryRead(bytes.AsSpan(0, cut), out var message))
            {
                continue;
            }

            survivors++;
            AssertSame(message, Read(DnsWriter.Write(message, DnsLimits.MessageMax)));
        }

        Assert.True(survivors > 500);
    }

    [Fact]
    public void The_longest_message_full_of_pointers_is_read_in_reasonable_work()
    {
        // 127 labels of one byte, then as many questions as fit that point to the start of them through a chain of pointers.
        var message = new List<byte>(Convert.FromHexString("12340100ffff000000000000"));
        for (var i = 0; i < 126; i++)
        {
            message.AddRange([1, (byte)'a']);
        }

        message.AddRange([0, 0, 1, 0, 1]);
        var questions = 1;
        while (message.Count + 6 <= 65535)
        {
            message.AddRange([0xc0, 12, 0, 1, 0, 1]);
            questions++;
        }

        message[4] = (byte)(questions >> 8);
        message[5] = (byte)questions;

        Assert.Equal(questions, Read(message.ToArray()).Questions.Length);
    }

    [Theory]
    [InlineData("example.com", "example.com.", 2)]
    [InlineData("example.com.", "example.com.", 2)]
    [InlineData(".", ".", 0)]
    [InlineData("_http._tcp.web", "_http._tcp.web.", 3)]
    public void Names_are_read_from_text(string text, string canonical, int labels)
    {
        var name = DnsName.Parse(text);

        Assert.Equal(canonical, name.ToString());
        Assert.Equal(labels, name.LabelCount);
    }

    [Theory]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a..")]
    [InlineData("ä.example")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234.example")]
    public void What_is_no_name_is_not_read_as_one(string text) => Assert.False(DnsName.TryParse(text, out _));

    [Theory]
    [InlineData("a.cluster.local", true)]
    [InlineData("A.CLUSTER.LOCAL", true)]
    [InlineData("cluster.local", true)]
    [InlineData("mycluster.local", false)]
    [InlineData("local", false)]
    [InlineData("cluster.local.example", false)]
    public void Being_within_a_zone_goes_by_whole_labels(string name, bool within) =>
        Assert.Equal(within, DnsName.Parse(name).IsWithin(DnsName.Parse("cluster.local")));
}
