using System.Security.Cryptography;

namespace Coracle.ApiServer.Access;

/// <summary>Keeps a cluster's keys and certificates in a directory, under the names that kubeadm gives them. Only the owner can read them.</summary>
/// <remarks>A key is written before its certificate, and each file as a whole: what a crash leaves is read as before, or made anew.</remarks>
public sealed class PkiDirectory
{
    private const string Authority = "ca";
    private const string FrontProxyAuthority = "front-proxy-ca";
    private const string Server = "apiserver";
    private const string FrontProxyClient = "front-proxy-client";
    private const string ServiceAccount = "sa";

    private readonly string _path;

    private PkiDirectory(string path, Pki pki) => (_path, Pki) = (path, pki);

    public Pki Pki { get; }

    /// <summary>Reads what is there, makes what is missing, renews what is near its end.</summary>
    /// <exception cref="InvalidDataException">An authority's certificate is there and its key is not: making both anew would lock every client out.</exception>
    public static PkiDirectory Open(string path, PkiOptions options, TimeProvider clock)
    {
        OwnerFile.CreateDirectory(path);
        var cluster = OpenAuthority(path, Authority, "kubernetes", options, clock);
        var frontProxy = OpenAuthority(path, FrontProxyAuthority, "front-proxy-ca", options, clock);
        var serving = Read(path, Server) ?? Pki.NewServing(cluster, options);
        var client = Read(path, FrontProxyClient) ?? Pki.NewFrontProxyClient(frontProxy, options);
        var pki = new Pki(new PkiMaterial(cluster.Certificate, frontProxy.Certificate, serving, client, OpenServiceAccountKey(path)), options, clock);
        pki.Renew();
        var directory = new PkiDirectory(path, pki);
        directory.WriteCertificates();
        return directory;
    }

    /// <summary>Renews what is near its end, on disk too. To be called from time to time.</summary>
    public bool Renew()
    {
        if (!Pki.Renew())
            return false;
        WriteCertificates();
        return true;
    }

    private void WriteCertificates()
    {
        WriteIfChanged(Server, Pki.Serving);
        WriteIfChanged(FrontProxyClient, Pki.FrontProxyClient);
    }

    private void WriteIfChanged(string name, KeyedCertificate certificate)
    {
        if (OwnerFile.Read(CertificateFile(_path, name)) != certificate.CertificatePem)
            Write(_path, name, certificate);
    }

    private static CertificateAuthority OpenAuthority(string path, string name, string commonName, PkiOptions options, TimeProvider clock)
    {
        if (Read(path, name) is { } found)
            return new(found, clock);
        if (File.Exists(CertificateFile(path, name)))
            throw new InvalidDataException($"{CertificateFile(path, name)} is there, but {KeyFile(path, name)} is missing or does not belong to it.");
        var created = CertificateAuthority.Create(commonName, options.AuthorityLifetime, clock);
        Write(path, name, created.Certificate);
        return created;
    }

    private static ECDsa OpenServiceAccountKey(string path)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (OwnerFile.Read(KeyFile(path, ServiceAccount)) is { } pem)
            key.ImportFromPem(pem);
        else
            OwnerFile.Write(KeyFile(path, ServiceAccount), key.ExportPkcs8PrivateKeyPem() + "\n");
        var publicKey = key.ExportSubjectPublicKeyInfoPem() + "\n";
        if (OwnerFile.Read(Path.Combine(path, ServiceAccount + ".pub")) != publicKey)
            OwnerFile.Write(Path.Combine(path, ServiceAccount + ".pub"), publicKey);
        return key;
    }

    private static KeyedCertificate? Read(string path, string name) =>
        OwnerFile.Read(CertificateFile(path, name)) is { } certificate && OwnerFile.Read(KeyFile(path, name)) is { } key ? KeyedCertificate.Read(certificate, key) : null;

    private static void Write(string path, string name, KeyedCertificate certificate)
    {
        OwnerFile.Write(KeyFile(path, name), certificate.KeyPem);
        OwnerFile.Write(CertificateFile(path, name), certificate.CertificatePem);
    }

    private static string CertificateFile(string path, string name) => Path.Combine(path, name + ".crt");

    private static string KeyFile(string path, string name) => Path.Combine(path, name + ".key");
}
