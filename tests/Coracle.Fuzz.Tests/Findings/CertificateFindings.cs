using Coracle.ApiServer.Access;
using Coracle.Controllers.Certificates;

namespace Coracle.Fuzz.Tests.Findings;

public sealed class CertificateFindings
{
    // A request whose key is of an algorithm that nobody has.
    private const string Unheard = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIIBaDCCAQ8CAQAwTzESMBAGCSsGAQQBg8JTAhMDdWlkMRYwFAYDVQQDEw1zeXN0
        ZW06bm9kZTphMQowCAYDVQQKEwF4MRUwEwYDVQQKEwxzeXN0ZW06bm9kZXMwWTAT
        BgcqhkjOPQIBBggqhkjOPQMBBwNCAARcf1UpMZ1uYTHfrZK/w0qkLWwPAZ23LgH1
        1m3yjzBqKhMSYzgEmytQZz625J2sP3fIxhe9AvklGVg3f0C6jbEeoF4wXAYJKoZI
        hvcNAQkOMU8wTTA7BgNVHREENDAygg1hLmV4YW1wbGUuY29thwR/AAABgQ1hQGV4
        YW1wbGUuY29thgxzcGlmZmU6Ly9hL2IwDgYDVR0PAQH/BAQDAgeAMAoGCCqCSM49
        BAMCA0cAMEQCIB2XrKgysmNQeBoOvEb5hlAFS2jdUlnj0YhwrA10r0SwAiA387Wz
        WFcIFgmxrT3ILNdN9rc8GFi+/QT8Q/1R5wpovA==
        -----END CERTIFICATE REQUEST-----
        """;

    [Fact]
    public void A_request_in_an_algorithm_that_is_not_there_cannot_be_read_and_that_is_all()
    {
        Assert.Null(SigningRequestText.Subject(Convert.ToBase64String(Utf8.GetBytes(Unheard))));
        Assert.Null(SigningRequestFacts.Of(new() { Spec = new() { Request = Utf8.GetBytes(Unheard) } }));
        Assert.Null(CertificateAuthority.Create("a", TimeSpan.FromDays(1), TimeProvider.System).SignRequest(Unheard, false, TimeSpan.FromHours(1)));
    }
}
