using System.Security.Cryptography;
using Coracle.Store.Encryption;

namespace Coracle.Store.Tests;

public sealed class SecretBoxTests
{
    // Published with NaCl, tests/secretbox.c.
    private static readonly byte[] Key = Convert.FromHexString("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
    private static readonly byte[] Nonce = Convert.FromHexString("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");

    private static readonly byte[] Message = Convert.FromHexString(
        "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556a"
        + "d6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f937763848645e0705");

    private static readonly byte[] Box = Convert.FromHexString(
        "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7"
        + "cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5");

    [Fact]
    public void The_published_message_becomes_the_published_box_and_back()
    {
        var box = new byte[Message.Length + 16];
        SecretBox.Seal(Key, Nonce, Message, box);
        Assert.Equal(Box, box);
        var message = new byte[Message.Length];
        Assert.True(SecretBox.TryOpen(Key, Nonce, box, message));
        Assert.Equal(Message, message);
    }

    [Fact]
    public void A_box_that_has_been_touched_does_not_open()
    {
        var message = new byte[Message.Length];
        for (var i = 0; i < Box.Length; i++)
        {
            var touched = Box.ToArray();
            touched[i] ^= 1;
            Assert.False(SecretBox.TryOpen(Key, Nonce, touched, message));
        }
        Assert.All(message, b => Assert.Equal(0, b));
    }

    /// <summary>The digest is of what libsodium makes of the same keys, nonces and messages.</summary>
    [Fact]
    public void Messages_of_all_lengths_are_sealed_as_libsodium_does()
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var length = 0; length < 1030; length++)
        {
            var message = Bytes(length, j => j * 7 + length);
            var box = new byte[length + 16];
            SecretBox.Seal(Bytes(32, j => length + j), Bytes(24, j => 3 * length + j), message, box);
            digest.AppendData(box);
        }
        Assert.Equal("a730dbddfcc5e71747374f4adbe836cf6b5469fa9f9678f5be0c9182481c8f81", Convert.ToHexStringLower(digest.GetHashAndReset()));
    }

    private static byte[] Bytes(int length, Func<int, int> at) => [.. Enumerable.Range(0, length).Select(j => (byte)at(j))];

    // RFC 8439, section 2.5.2, and the edge cases of its appendix A.3.
    [Theory]
    [InlineData("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b", "43727970746f6772617068696320466f72756d2052657365617263682047726f7570", "a8061dc1305136c6c22b8baf0c0127a9")]
    [InlineData("0200000000000000000000000000000000000000000000000000000000000000", "ffffffffffffffffffffffffffffffff", "03000000000000000000000000000000")]
    [InlineData("02000000000000000000000000000000ffffffffffffffffffffffffffffffff", "02000000000000000000000000000000", "03000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000", "fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff11000000000000000000000000000000", "05000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000", "fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe01010101010101010101010101010101", "00000000000000000000000000000000")]
    [InlineData("0200000000000000000000000000000000000000000000000000000000000000", "fdffffffffffffffffffffffffffffff", "faffffffffffffffffffffffffffffff")]
    public void Tags_are_those_of_the_standard(string key, string message, string tag)
    {
        var made = new byte[16];
        Poly1305.Tag(Convert.FromHexString(key), Convert.FromHexString(message), made);
        Assert.Equal(tag, Convert.ToHexStringLower(made));
    }
}
