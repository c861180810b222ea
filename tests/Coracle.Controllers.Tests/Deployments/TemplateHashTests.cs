using Coracle.Controllers.Deployments;
using Coracle.Controllers.Tests.Support;

namespace Coracle.Controllers.Tests.Deployments;

public sealed class TemplateHashTests
{
    [Fact]
    public void The_same_template_has_the_same_hash_and_another_one_after_a_collision()
    {
        var hash = TemplateHash.Of(Samples.Template(), null);
        Assert.Equal(hash, TemplateHash.Of(Samples.Template(), null));
        Assert.Matches("^[bcdfghjklmnpqrstvwxz2456789]{1,10}$", hash);
        Assert.Equal(3, new[] { hash, TemplateHash.Of(Samples.Template(), 1), TemplateHash.Of(Samples.Template(), 2) }.Distinct().Count());
        Assert.NotEqual(hash, TemplateHash.Of(Samples.Template(image: "web:2"), null));
    }

    [Fact]
    public void Digits_become_letters_as_upstream_has_them() => Assert.Equal("456789bcdf", TemplateHash.Encode("0123456789"));

    [Fact]
    public void A_name_that_would_be_too_long_is_cut_before_its_hash()
    {
        var name = TemplateHash.SetName(new string('a', 253), "5f7d9");
        Assert.Equal(253, name.Length);
        Assert.EndsWith("a-5f7d9", name, StringComparison.Ordinal);
    }
}
