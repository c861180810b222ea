using Coracle.Schema;

namespace Coracle.Kinds.Apiserver.V1;

/// <summary>What is encrypted on disk, and how: a file, not an object of the API (apiserver.config.k8s.io).</summary>
[ApiType]
public sealed partial class EncryptionConfiguration
{
    /// <summary>apiserver.config.k8s.io/v1.</summary>
    [Field(1)]
    public string ApiVersion { get; set; } = "";

    /// <summary>EncryptionConfiguration.</summary>
    [Field(2)]
    public string Kind { get; set; } = "";

    /// <summary>Resources and their providers; the first that names a resource counts.</summary>
    [Field(3)]
    public List<ResourceEncryption>? Resources { get; set; }
}

/// <summary>Resources that are encrypted alike.</summary>
[ApiType]
public sealed partial class ResourceEncryption
{
    /// <summary>"secrets", "deployments.apps", "*." for the core group, "*.apps" for a group, "*.*" for all.</summary>
    [Field(1)]
    public List<string>? Resources { get; set; }

    /// <summary>The first writes, all read.</summary>
    [Field(2)]
    public List<EncryptionProvider>? Providers { get; set; }
}

/// <summary>One way to encrypt: exactly one of its fields is there.</summary>
[ApiType]
public sealed partial class EncryptionProvider
{
    /// <summary>AES-GCM with a random nonce: keys have to be changed after 200,000 writes.</summary>
    [Field(1)]
    public EncryptionKeys? Aesgcm { get; set; }

    /// <summary>AES-CBC with padding. Weak against who can write to the disk and see errors; here for what was written with it.</summary>
    [Field(2)]
    public EncryptionKeys? Aescbc { get; set; }

    /// <summary>XSalsa20 and Poly1305.</summary>
    [Field(3)]
    public EncryptionKeys? Secretbox { get; set; }

    /// <summary>Plain.</summary>
    [Field(4)]
    public PlainProvider? Identity { get; set; }

    /// <summary>A key service over a socket: known, and refused.</summary>
    [Field(5)]
    public KeyServiceProvider? Kms { get; set; }
}

/// <summary>Keys: the first encrypts, all decrypt.</summary>
[ApiType]
public sealed partial class EncryptionKeys
{
    /// <summary>The keys.</summary>
    [Field(1)]
    public List<EncryptionKey>? Keys { get; set; }
}

/// <summary>A key.</summary>
[ApiType]
public sealed partial class EncryptionKey
{
    /// <summary>By which what it encrypted is recognised.</summary>
    [Field(1)]
    public string Name { get; set; } = "";

    /// <summary>In base64.</summary>
    [Field(2)]
    public string Secret { get; set; } = "";
}

/// <summary>No encryption.</summary>
[ApiType]
public sealed partial class PlainProvider;

/// <summary>A key service.</summary>
[ApiType]
public sealed partial class KeyServiceProvider
{
    /// <summary>v1 or v2.</summary>
    [Field(1)]
    public string ApiVersion { get; set; } = "";

    /// <summary>Its name.</summary>
    [Field(2)]
    public string Name { get; set; } = "";

    /// <summary>How many keys are remembered.</summary>
    [Field(3)]
    public int? Cachesize { get; set; }

    /// <summary>Its socket.</summary>
    [Field(4)]
    public string Endpoint { get; set; } = "";

    /// <summary>How long it may take.</summary>
    [Field(5)]
    public string? Timeout { get; set; }
}
