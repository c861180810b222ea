using System.Text;
using Coracle.Store.Encryption;

namespace Coracle.Store.Tests;

public sealed class EncryptionTests
{
    private const string Secret = "the-very-secret-text";
    private static readonly NamedTransformer Plain = new("", "", new PlainTransformer(), "");

    private static byte[] Key(byte fill, int length = 32) => [.. Enumerable.Repeat(fill, length)];

    private static NamedTransformer Gcm(string name, byte fill) => new("k8s:enc:aesgcm:v1:", name + ":", new AesGcmTransformer(Key(fill)), "no matching key was found for the provided AES transformer");
    private static NamedTransformer Cbc(string name, byte fill) => new("k8s:enc:aescbc:v1:", name + ":", new AesCbcTransformer(Key(fill)), "no matching key was found for the provided AES transformer");
    private static NamedTransformer Box(string name, byte fill) => new("k8s:enc:secretbox:v1:", name + ":", new SecretBoxTransformer(Key(fill)), "no matching key was found for the provided Secretbox transformer");

    private static EncryptionRule[] Secrets(params NamedTransformer[] transformers) => [new("secrets", transformers)];

    private static bool DiskHas(TempFolder folder, string text)
    {
        var wanted = Encoding.UTF8.GetBytes(text);
        return Directory.GetFiles(folder.Path, "store.db*").Any(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var all = new MemoryStream();
            stream.CopyTo(all);
            return all.ToArray().AsSpan().IndexOf(wanted) >= 0;
        });
    }

    public static TheoryData<string> Ways => ["gcm", "cbc", "box"];

    private static NamedTransformer Way(string way) => way switch { "gcm" => Gcm("key1", 1), "cbc" => Cbc("key1", 1), _ => Box("key1", 1) };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_secret_is_in_memory_and_after_a_restart_but_never_on_disk(string way)
    {
        using var folder = new TempFolder();
        var seen = new List<string>();
        await using (var store = folder.Open(o => o with { Encryption = new ValueEncryption(Secrets(Way(way), Plain)) }))
        {
            using var watching = store.Subscribe(batch => seen.AddRange(batch.ToArray().Select(c => c.Value.Text())));
            (await store.Put("secrets/n/a", Secret)).Committed();
            (await store.Put("configmaps/n/a", "no-secret")).Committed();
            (await store.Put("secrets/n/a", Secret + "-again")).Committed();
            Assert.StartsWith(Secret, store.Find("secrets/n/a")!.Value.Value.Text(), StringComparison.Ordinal);
            Assert.All(store.Replay(0).Where(c => c.Key == "secrets/n/a"), c => Assert.StartsWith(Secret, c.Value.Text(), StringComparison.Ordinal));
            Assert.False(DiskHas(folder, Secret));
            Assert.True(DiskHas(folder, "no-secret"));
            Assert.True(DiskHas(folder, Way(way).Prefix));
        }
        Assert.Equal(3, seen.Count);
        Assert.StartsWith(Secret, seen[0], StringComparison.Ordinal);
        Assert.False(DiskHas(folder, Secret));
        await using var again = folder.Open(o => o with { Encryption = new ValueEncryption(Secrets(Way(way))) });
        Assert.StartsWith(Secret + "-again", again.Find("secrets/n/a")!.Value.Value.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_moved_to_another_place_does_not_open()
    {
        using var folder = new TempFolder();
        await using (var store = folder.Open(o => o with { Encryption = new ValueEncryption(Secrets(Gcm("key1", 1))) })) (await store.Put("secrets/n/a", Secret)).Committed();
        SqliteRows.Make(folder, "UPDATE log SET key = 'secrets/n/b'");
        var refused = Assert.Throws<StoreOpenException>(() => folder.Open(o => o with { Encryption = new ValueEncryption(Secrets(Gcm("key1", 1))) }));
        Assert.EndsWith("unable to transform key \"/registry/secrets/n/b\": cipher: message authentication failed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_none_of_the_keys_opens_is_told_as_upstream_does()
    {
        using var folder = new TempFolder();
        await using (var store = folder.Open(o => o with { Encryption = new ValueEncryption(Secrets(Gcm("key1", 1))) })) (await store.Put("secrets/n/a", Secret)).Committed();
        Assert.Contains("no matching prefix found", Refused(folder, Plain), StringComparison.Ordinal);
        Assert.Contains("no matching prefix found", Refused(folder, Box("key1", 1)), StringComparison.Ordinal);
        Assert.Contains("no matching key was found for the provided AES transformer", Refused(folder, Gcm("key2", 1)), StringComparison.Ordinal);
        Assert.Contains("cipher: message authentication failed", Refused(folder, Gcm("key1", 2)), StringComparison.Ordinal);
        await using var open = folder.Open(o => o with { Encryption = new ValueEncryption(Secrets(Plain, Gcm("key2", 2), Gcm("key1", 2), Gcm("key1", 1))) });
        Assert.NotNull(open.Find("secrets/n/a"));
    }

    private static string Refused(TempFolder folder, params NamedTransformer[] transformers) =>
        Assert.Throws<StoreOpenException>(() => folder.Open(o => o with { Encryption = new ValueEncryption(Secrets(transformers)) })).Message;

    [Fact]
    public async Task Keys_are_changed_while_the_store_is_open_and_what_is_stale_is_known()
    {
        using var folder = new TempFolder();
        var encryption = new ValueEncryption(Secrets(Gcm("key1", 1)));
        await using var store = folder.Open(o => o with { Encryption = encryption });
        (await store.Put("secrets/n/a", Secret)).Committed();
        (await store.Put("configmaps/n/a", "plain")).Committed();
        Assert.False(store.IsStale("secrets/n/a"));
        Assert.Null(encryption.Use([.. Secrets(Box("key2", 2), Gcm("key1", 1)), new("*.", [Cbc("c", 3), Plain])]));
        Assert.True(store.IsStale("secrets/n/a"));
        Assert.True(store.IsStale("configmaps/n/a"));
        Assert.False(store.IsStale("deployments.apps/n/a"));
        // A key that something is stored with cannot be taken away.
        Assert.Equal("/registry/secrets/n/a is still stored with k8s:enc:aesgcm:v1:key1: rewrite it before that key is taken away", encryption.Use(Secrets(Box("key2", 2))));
        (await store.Put("secrets/n/a", Secret)).Committed();
        Assert.False(store.IsStale("secrets/n/a"));
        Assert.Null(encryption.Use(Secrets(Box("key2", 2))));
        Assert.True(DiskHas(folder, "k8s:enc:secretbox:v1:key2:"));
    }

    [Fact]
    public async Task Plain_text_that_has_been_encrypted_since_is_gone_from_the_disk_after_compaction()
    {
        using var folder = new TempFolder();
        await using (var store = folder.Open()) (await store.Put("secrets/n/a", Secret)).Committed();
        Assert.True(DiskHas(folder, Secret));
        await using (var store = folder.Open(o => o with { Encryption = new ValueEncryption(Secrets(Gcm("key1", 1), Plain)) }))
        {
            Assert.True(store.IsStale("secrets/n/a"));
            var revision = (await store.Put("secrets/n/a", Secret)).Committed();
            await store.CompactAsync(revision, TestContext.Current.CancellationToken);
        }
        Assert.False(DiskHas(folder, Secret));
    }

    [Fact]
    public async Task What_a_reader_has_stored_before_opens_whatever_the_rules()
    {
        using var folder = new TempFolder();
        await using (var store = folder.Open(o => o with { Encryption = new ValueEncryption(Secrets(Gcm("own", 9), Plain)) { OverwritesDeleted = false } })) (await store.Put("secrets/n/a", Secret)).Committed();
        await using (var store = folder.Open(o => o with { Encryption = new ValueEncryption(Secrets(Box("key1", 1)), Gcm("own", 9)) }))
        {
            Assert.StartsWith(Secret, store.Find("secrets/n/a")!.Value.Value.Text(), StringComparison.Ordinal);
            Assert.True(store.IsStale("secrets/n/a"));
        }
        await using (var store = folder.Open(o => o with { Encryption = new ValueEncryption([], Gcm("own", 9)) })) Assert.NotNull(store.Find("secrets/n/a"));
        Assert.Contains("no matching prefix found", Refused(folder, Box("key1", 1)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secrets", "secrets/n/a", true)]
    [InlineData("*.", "secrets/n/a", true)]
    [InlineData("*.", "deployments.apps/n/a", false)]
    [InlineData("*.apps", "deployments.apps/n/a", true)]
    [InlineData("*.apps", "leases.coordination.k8s.io/n/a", false)]
    [InlineData("*.*", "leases.coordination.k8s.io/n/a", true)]
    [InlineData("deployments.apps", "deployments.extensions/n/a", false)]
    public void A_rule_is_about_a_resource_a_group_or_all(string rule, string key, bool isAbout) =>
        Assert.Equal(isAbout, new ValueEncryption([new(rule, [Gcm("key1", 1)])]).IsStale(key));

    [Fact]
    public async Task Heartbeats_that_were_kept_in_memory_are_encrypted_too()
    {
        using var folder = new TempFolder();
        await using (var store = folder.Open(o => o with { Encryption = new ValueEncryption([new("*.*", [Gcm("key1", 1)])]) }))
        {
            (await store.Put("leases.x/n/a", Secret)).Committed();
            for (var i = 0; i < 3; i++) (await store.Put("leases.x/n/a", $"{Secret}-{i}", ephemeral: true)).Committed();
        }
        Assert.False(DiskHas(folder, Secret));
        await using var again = folder.Open(o => o with { Encryption = new ValueEncryption([new("*.*", [Gcm("key1", 1)])]) });
        Assert.StartsWith(Secret + "-2", again.Find("leases.x/n/a")!.Value.Value.Text(), StringComparison.Ordinal);
    }
}
