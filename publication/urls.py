"""Addresses of published pages, the secretary's own page, publishing and the record."""

from django.urls import path

from publication.views import bundles, closing, reading, staff

urlpatterns = [
    path("c/<slug:slug>/", reading.county_page, name="county_page"),
    path("c/<slug:slug>/<path:path>", reading.county_page, name="county_page"),
    path("g/<slug:slug>/", reading.notice_page, name="notice_page"),
    path("g/<slug:slug>/<path:path>", reading.notice_page, name="notice_page"),
    path("leading/", reading.leading, name="leading_list"),
    path("leading/<slug:slug>/", reading.leading_page, name="leading_page"),
    path("leading/<slug:slug>/<path:path>", reading.leading_page, name="leading_page"),
    path("mine/", reading.mine, name="mine_list"),
    path("mine/<slug:slug>/", reading.mine_competition, name="mine_competition"),
    path("work/<slug:slug>/publish/", staff.publish, name="work_publish"),
    path("work/<slug:slug>/publish/<int:number>/withdraw/", staff.withdraw, name="work_withdraw"),
    path("work/<slug:slug>/publish/<int:number>/own/", staff.own_parts, name="work_own_parts"),
    path(
        "work/<slug:slug>/publish/<int:number>/own/<slug:key>/",
        staff.own_part,
        name="work_own_part",
    ),
    path("work/<slug:slug>/closing/", closing.closing, name="work_closing"),
    path("work/import/", bundles.work_import, name="work_import"),
    path("work/<slug:slug>/bundle.zip", bundles.work_bundle, name="work_bundle"),
    path("audit/", staff.audit_record, name="audit_record"),
    path("work/<slug:slug>/record/", staff.record, name="work_record"),
]
