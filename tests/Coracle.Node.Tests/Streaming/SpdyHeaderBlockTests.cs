using System.Text;
using Coracle.Node.Streaming;

namespace Coracle.Node.Tests.Streaming;

public sealed class SpdyHeaderBlockTests
{
    [Fact]
    public void The_dictionary_is_the_one_whose_checksum_peers_send()
    {
        uint a = 1, b = 0;
        foreach (var value in SpdyHeaderBlock.Dictionary)
        {
            a = (a + value) % 65521;
            b = (b + a) % 65521;
        }
        Assert.Equal(SpdyHeaderBlock.DictionaryAdler32, (b << 16) | a);
    }

    /// <summary>Made with zlib 1.2, the dictionary, and a sync flush after each block: the second leans on the first.</summary>
    [Fact]
    public void Blocks_of_a_peer_that_uses_the_dictionary_are_read_one_after_another()
    {
        var blocks = new SpdyHeaderBlock();
        var first = blocks.Decode(Convert.FromHexString("78f9e3c6a7c202253a703a2b294a4dcc851625aca9a0808614cb45e01c6061606100a4398b20d198094ade8c0600000000ffff"));
        var second = blocks.Decode(Convert.FromHexString("c2aa19540e2512d60b000000ffff"));

        Assert.Equal(("error", "8080", "0"), (first["streamtype"], first["port"], first["requestid"]));
        Assert.Equal(("data", "8080", "0"), (second["streamtype"], second["port"], second["requestid"]));
    }

    [Fact]
    public void What_we_lay_out_any_zlib_reads()
    {
        var ours = new SpdyHeaderBlock();
        var blocks = ours.Encode([KeyValuePair.Create("StreamType", "stdin")]).Concat(ours.Encode([KeyValuePair.Create("x", "é")])).ToArray();

        using var inflated = new System.IO.Compression.ZLibStream(new MemoryStream(blocks), System.IO.Compression.CompressionMode.Decompress);
        var pairs = new byte[4 + 4 + 10 + 4 + 5 + 4 + 4 + 1 + 4 + 2];
        inflated.ReadExactly(pairs);

        Assert.Equal("\0\0\0\u0001\0\0\0\nstreamtype\0\0\0\u0005stdin\0\0\0\u0001\0\0\0\u0001x\0\0\0\u0002é", Encoding.UTF8.GetString(pairs));
    }

    [Fact]
    public void Every_block_we_lay_out_ends_with_a_flush_which_Go_waits_for()
    {
        var ours = new SpdyHeaderBlock();
        for (var i = 0; i < 2; i++)
            Assert.Equal([0, 0, 0, 0xff, 0xff], ours.Encode([KeyValuePair.Create("a", "b")])[^5..]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("78")]
    [InlineData("7900")]
    [InlineData("78bb00000000")] // another dictionary
    [InlineData("7801000400fbff00000001")] // one pair announced, none there
    [InlineData("7801000400fbffffffffff")] // four thousand million pairs announced
    public void A_malformed_block_ends_the_connection_and_nothing_more(string hex) =>
        Assert.Throws<IOException>(() => new SpdyHeaderBlock().Decode(Convert.FromHexString(hex)));
}
