using System.Security.Cryptography;
using Coracle.ApiServer.Access;
using Coracle.Hosting;
using Coracle.Sdk;
using Coracle.Store.Encryption;

namespace Coracle.Instance;

/// <summary>
/// What is encrypted on disk: secrets, with a key of this instance, unless a file says otherwise, which may change while we run. What our own key has stored opens in
/// either case.
/// </summary>
internal sealed class EncryptionFile
{
    private const string KeyFile = "encryption.key";
    private const int KeyLength = 32;

    private readonly string _path;
    private readonly string _text;

    private EncryptionFile(string path, string text, ValueEncryption encryption) => (_path, _text, Encryption) = (path, text, encryption);

    public ValueEncryption Encryption { get; }

    /// <summary>Throws <see cref="InstanceException"/> when the file or our key is not good.</summary>
    public static EncryptionFile Open(IReadOnlyDictionary<string, string> flags, string dataDirectory)
    {
        var own = new NamedTransformer("k8s:enc:aesgcm:v1:", "coracle:", new AesGcmTransformer(OwnKey(Path.Combine(dataDirectory, KeyFile))), "no matching key was found for the provided AES transformer");
        if (flags.GetValueOrDefault("--encryption-provider-config") is not { } path)
        {
            var plain = new NamedTransformer("", "", new PlainTransformer(), "");
            // From the beginning, as a rule: to overwrite what is deleted would cost writes for nothing.
            return new("", "", new ValueEncryption([new("secrets", [own, plain])]) { OverwritesDeleted = false });
        }
        var text = ConfigurationFile.Read(path, "encryption configuration");
        return EncryptionSettings.Parse(text, out var error) is { } rules
            ? new(path, text, new ValueEncryption(rules, own))
            : throw new InstanceException($"{path}: {error}");
    }

    private static byte[] OwnKey(string path)
    {
        try
        {
            if (OwnerFile.Read(path) is not { } text)
            {
                var made = RandomNumberGenerator.GetBytes(KeyLength);
                OwnerFile.Write(path, Convert.ToBase64String(made) + "\n");
                return made;
            }
            var key = Convert.FromBase64String(text.Trim());
            return key.Length == KeyLength ? key : throw new InstanceException($"{path} is no key: secrets in the store cannot be read without it");
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new InstanceException($"{path}: {e.Message}");
        }
    }

    /// <summary>Follows the file; null where there is none.</summary>
    public ConfigurationFile? Follow(AccessControl access, Action<LogEntry> log) => _path.Length == 0 ? null : ConfigurationFile.Watch(_path, _text, text =>
    {
        var error = EncryptionSettings.Parse(text, out var wrong) is { } rules ? Encryption.Use(rules) : wrong;
        if (error is null) access.EncryptionReloaded();
        else access.ReloadFailed("encryption");
        return error;
    }, ConfigurationFile.Log(log, _path));
}
