using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Coracle.ApiServer.Access;

/// <summary>What Kubernetes reads from a certificate's subject.</summary>
/// <param name="CommonName">The last CN; empty when there is none.</param>
/// <param name="Organizations">Every O, in order.</param>
/// <param name="Uids">Every user id (1.3.6.1.4.1.57683.2), in order.</param>
internal sealed record DistinguishedName(string CommonName, IReadOnlyList<string> Organizations, IReadOnlyList<string> Uids)
{
    private const string CommonNameId = "2.5.4.3";
    private const string OrganizationId = "2.5.4.10";
    private const string UidId = "1.3.6.1.4.1.57683.2";

    /// <summary>Reads a subject; null when it is not well formed.</summary>
    public static DistinguishedName? Read(X500DistinguishedName subject)
    {
        try
        {
            return Read(new AsnReader(subject.RawData, AsnEncodingRules.DER));
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static DistinguishedName Read(AsnReader reader)
    {
        var commonName = "";
        List<string> organizations = [], uids = [];
        var parts = reader.ReadSequence();
        while (parts.HasData)
        {
            var values = parts.ReadSetOf();
            while (values.HasData)
            {
                var pair = values.ReadSequence();
                var id = pair.ReadObjectIdentifier();
                if (id is not (CommonNameId or OrganizationId or UidId))
                    continue;
                var text = ReadText(pair);
                if (id == CommonNameId)
                    commonName = text;
                else
                    (id == OrganizationId ? organizations : uids).Add(text);
            }
        }
        return new(commonName, organizations, uids);
    }

    private static string ReadText(AsnReader reader)
    {
        var tag = reader.PeekTag();
        if (tag.TagClass != TagClass.Universal)
            throw new AsnContentException();
        return (UniversalTagNumber)tag.TagValue switch
        {
            UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.T61String
                or UniversalTagNumber.BMPString or UniversalTagNumber.NumericString or UniversalTagNumber.VisibleString =>
                reader.ReadCharacterString((UniversalTagNumber)tag.TagValue),
            _ => throw new AsnContentException(),
        };
    }
}
