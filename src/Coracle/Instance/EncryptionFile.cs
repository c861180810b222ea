using Coracle.ApiServer.Access;
using Coracle.Hosting;
using Coracle.Sdk;
using Coracle.Store.Encryption;

namespace Coracle.Instance;

/// <summary>What is encrypted on disk, as a file says that may change while we run.</summary>
internal sealed class EncryptionFile
{
    private readonly string _path;
    private readonly string _text;

    private EncryptionFile(string path, string text, ValueEncryption encryption) => (_path, _text, Encryption) = (path, text, encryption);

    public ValueEncryption Encryption { get; }

    /// <summary>Null when no file is named. Throws <see cref="InstanceException"/> when it is not good.</summary>
    public static EncryptionFile? Open(IReadOnlyDictionary<string, string> flags)
    {
        if (flags.GetValueOrDefault("--encryption-provider-config") is not { } path) return null;
        var text = ConfigurationFile.Read(path, "encryption configuration");
        return EncryptionSettings.Parse(text, out var error) is { } rules
            ? new(path, text, new ValueEncryption(rules))
            : throw new InstanceException($"{path}: {error}");
    }

    public ConfigurationFile Follow(AccessControl access, Action<LogEntry> log) => ConfigurationFile.Watch(_path, _text, text =>
    {
        var error = EncryptionSettings.Parse(text, out var wrong) is { } rules ? Encryption.Use(rules) : wrong;
        if (error is null) access.EncryptionReloaded();
        else access.ReloadFailed("encryption");
        return error;
    }, ConfigurationFile.Log(log, _path));
}
